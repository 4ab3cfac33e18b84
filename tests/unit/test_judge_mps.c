#include "mps_judged.h"

static struct mps_trial *sound_trial(enum mps_call call)
{
    mps_sound(&record);
    return mps_trial(&record, call);
}

static void sound_firmware_passes(void **state)
{
    (void)state;
    mps_sound(&record);
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        assert_passes(check);
    }
}

static void without_the_protocol_nothing_is_judged(void **state)
{
    (void)state;
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        mps_sound(&record);
        record.present = false;
        assert_skips(check, "firmware has no MP Services");
        record.asked = false;
        assert_skips(check, "not asked");
    }
}

/* Each status that a call must not return fails its check, and names call and status. */
static void every_call_has_its_status(void **state)
{
    (void)state;
    for (uint32_t call = 0; call < MPS_CALLS; call++) {
        mps_sound(&record);
        record.answers[call].status = 9;
        assert_fails(mps_call_check(call), "EFI_", mps_call_words(call));
        assert_fails(mps_call_check(call), "", "EFI_OUT_OF_RESOURCES");
        record.answers[call].status = MPS_STATUS_OTHER;
        assert_fails(mps_call_check(call), "", "another status");
    }
}

static void more_wrong_statuses_are_counted(void **state)
{
    (void)state;
    mps_sound(&record);
    record.answers[MPS_COUNT_NULL_TOTAL].status = MPS_SUCCESS;
    record.answers[MPS_COUNT_NULL_BOTH].status = MPS_SUCCESS;
    assert_fails(MPS_CHECK_COUNT_ERRORS, "EFI_INVALID_PARAMETER",
                 "GetNumberOfProcessors(NULL, &enabled): EFI_SUCCESS; and 1 more call");
}

static void what_firmware_may_refuse_is_skipped(void **state)
{
    static const struct {
        enum mps_call call;
        enum mps_check check;
    } may[] = {{MPS_ALL_EVENT, MPS_CHECK_EVENT},
               {MPS_ALL_EVENT_LATE, MPS_CHECK_EVENT_LATE},
               {MPS_THIS_EVENT, MPS_CHECK_THIS_EVENT}};
    (void)state;
    for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
        mps_sound(&record);
        record.answers[may[i].call].status = MPS_UNSUPPORTED;
        assert_skips(may[i].check, "EFI_UNSUPPORTED");
    }
    mps_sound(&record);
    record.answers[MPS_GET_EXTENDED].status = MPS_NOT_FOUND;
    for (uint32_t number = 0; number < 4; number++) {
        record.processors[number].extended = MPS_NOT_FOUND;
    }
    assert_skips(MPS_CHECK_INFO_EXTENDED, "before PI 1.7");
}

static void counts(void **state)
{
    (void)state;
    mps_sound(&record);
    record.total = 5;
    record.count = 5;
    record.processors[4].status = MPS_NOT_FOUND;
    assert_fails(MPS_CHECK_COUNT, "", "5, 4 enabled; GetProcessorInfo tells of 4, 4 enabled");
    assert_passes(MPS_CHECK_INFO);
    mps_sound(&record);
    record.enabled = 3;
    assert_fails(MPS_CHECK_COUNT, "", "4, 3 enabled");
    mps_sound(&record);
    record.count = 0;
    record.total = 0;
    record.enabled = 0;
    assert_fails(MPS_CHECK_COUNT, "", "0, 0 enabled");
    mps_sound(&record);
    record.total = 3;
    record.enabled = 3;
    assert_fails(MPS_CHECK_COUNT, "", "3, 3 enabled; GetProcessorInfo tells of 4, 4 enabled");
    mps_sound(&record);
    record.answers[MPS_INFO_BEYOND].status = MPS_SUCCESS;
    assert_fails(MPS_CHECK_COUNT, "", "tells of 4, 4 enabled, and of any beyond");
}

static void processor_information(void **state)
{
    (void)state;
    mps_sound(&record);
    record.processors[2].status = MPS_NOT_FOUND;
    assert_fails(MPS_CHECK_INFO, "", "an error for processor 2");
    mps_sound(&record);
    record.processors[3].flags |= 8;
    assert_fails(MPS_CHECK_INFO, "bits 3 to 31", "processor 3");
    mps_sound(&record);
    record.processors[0].flags &= ~(uint32_t)MPS_FLAG_ENABLED;
    assert_fails(MPS_CHECK_INFO, "the BSP enabled", "processor 0");
    mps_sound(&record);
    record.processors[1].flags |= MPS_FLAG_BSP;
    record.processors[0].flags &= ~(uint32_t)MPS_FLAG_BSP;
    assert_fails(MPS_CHECK_INFO, "PROCESSOR_AS_BSP_BIT", "wrong for processors 0-1");
    mps_sound(&record);
    record.processors[3].id = 4;
    assert_fails(MPS_CHECK_INFO, "", "told before for processor 3");
    mps_sound(&record);
    record.processors[1].extended = MPS_NOT_FOUND;
    assert_fails(MPS_CHECK_INFO_EXTENDED, "", "processor 1");
    mps_sound(&record);
    record.processors[2].extended_unfilled = true;
    assert_fails(MPS_CHECK_INFO_EXTENDED, "filled in", "as it was for processor 2");
}

static void numbers_and_apic_ids(void **state)
{
    (void)state;
    mps_sound(&record);
    record.bsp_who = 1;
    assert_fails(MPS_CHECK_WHO, "", "1 on the BSP, which has APIC ID 0x0");
    mps_sound(&record);
    record.processors[2].who = 3;
    assert_fails(MPS_CHECK_WHO, "", "processor 2 (3 on APIC ID 0x4, EFI_SUCCESS)");
    mps_sound(&record);
    record.processors[1].who_status = 7;
    assert_fails(MPS_CHECK_WHO, "", "an error");
    mps_sound(&record);
    record.processors[1].who_null_status = 0;
    assert_fails(MPS_CHECK_WHO, "EFI_INVALID_PARAMETER from WhoAmI(NULL)", "processor 1");
    mps_sound(&record);
    record.processors[2].id = 0x63;
    record.processors[3].id = UINT64_C(0x100000006);
    assert_fails(MPS_CHECK_APIC_ID, "ProcessorId 0x4 for processor 2",
                 "ProcessorId 0x63; wrong in all for processors 2-3");
    mps_sound(&record);
    record.processors[0].id = 2;
    record.processors[1].id = 0;
    assert_fails(MPS_CHECK_APIC_ID, "ProcessorId 0x0 for processor 0",
                 "ProcessorId 0x2; wrong in all for processors 0-1");
}

static void who_ran(void **state)
{
    (void)state;
    cpuset_remove(&sound_trial(MPS_ALL)->ran, 2);
    assert_fails(MPS_CHECK_ALL, "", "not run by processor 2");
    cpuset_add(&sound_trial(MPS_ALL_BACK)->ran, 0);
    assert_fails(MPS_CHECK_BACK, "", "run by processor 0");
    cpuset_add(&sound_trial(MPS_THIS)->again, 1);
    assert_fails(MPS_CHECK_THIS, "", "run more than once by processor 1");
    sound_trial(MPS_ALL)->strangers = 2;
    assert_fails(MPS_CHECK_ALL, "", "2 CPUs ran it");
    sound_trial(MPS_ALL)->on_bsp = 1;
    assert_fails(MPS_CHECK_ALL, "", "the BSP ran it");
    cpuset_add(&sound_trial(MPS_ALL_TOGETHER)->unfinished, 3);
    assert_fails(MPS_CHECK_TOGETHER, "", "still in Procedure: processor 3");
    sound_trial(MPS_ALL)->list = MPS_LIST_SOUND;
    assert_fails(MPS_CHECK_ALL, "NULL", "a list");
}

static void order(void **state)
{
    (void)state;
    sound_trial(MPS_ALL_TOGETHER)->most_inside = 1;
    assert_fails(MPS_CHECK_TOGETHER, "SingleThread FALSE", "waited");
    sound_trial(MPS_ALL_SINGLE)->most_inside = 3;
    assert_fails(MPS_CHECK_SINGLE, "SingleThread TRUE", "3 APs");
    sound_trial(MPS_ALL_SINGLE)->disorder = true;
    assert_fails(MPS_CHECK_SINGLE, "ascending", "before one with a lower number");
}

static void failed_cpu_list(void **state)
{
    (void)state;
    for (uint32_t list = 0; list <= MPS_LIST_UNFREED; list++) {
        sound_trial(MPS_ALL_LATE)->list = list;
        if (list != MPS_LIST_SOUND) {
            assert_fails(MPS_CHECK_LATE, "END_OF_CPU_LIST", "FailedCpuList");
        }
    }
    cpuset_remove(&sound_trial(MPS_ALL_LATE)->listed, 3);
    assert_fails(MPS_CHECK_LATE, "", "late, but not in FailedCpuList: processor 3");
    cpuset_add(&sound_trial(MPS_ALL_EVENT_LATE)->listed, 2);
    assert_fails(MPS_CHECK_EVENT_LATE, "", "done, but in FailedCpuList: processor 2");
}

/* A busy machine stopped an AP before it could end: it may be listed. */
static void who_had_not_ended_may_be_listed(void **state)
{
    (void)state;
    struct mps_trial *trial = sound_trial(MPS_ALL_LATE);
    cpuset_add(&trial->listed, 1);
    cpuset_add(&trial->unfinished, 1);
    assert_passes(MPS_CHECK_LATE);
}

static void events(void **state)
{
    (void)state;
    sound_trial(MPS_ALL_EVENT)->signalled = false;
    assert_fails(MPS_CHECK_EVENT, "", "did not come");
    sound_trial(MPS_THIS_EVENT)->too_early = true;
    assert_fails(MPS_CHECK_THIS_EVENT, "", "while an AP was in Procedure");
    sound_trial(MPS_THIS_EVENT)->finished = false;
    assert_fails(MPS_CHECK_THIS_EVENT, "*Finished TRUE", "FALSE");
    sound_trial(MPS_THIS_EVENT_LATE)->finished = true;
    assert_fails(MPS_CHECK_THIS_LATE, "*Finished FALSE", "TRUE");
    sound_trial(MPS_THIS_EVENT_LATE)->signalled = false;
    assert_fails(MPS_CHECK_THIS_LATE, "", "did not come");
}

static void disabling(void **state)
{
    (void)state;
    mps_sound(&record);
    record.disabling.enabled_off = 4;
    assert_fails(MPS_CHECK_DISABLE, "4 processors, 3 enabled", "4, 4 enabled");
    mps_sound(&record);
    record.disabling.flags_off = 2;
    assert_fails(MPS_CHECK_DISABLE, "StatusFlag 0x0 of processor 3, disabled", "StatusFlag 0x2");
    mps_sound(&record);
    record.disabling.flags_on = 2;
    assert_fails(MPS_CHECK_DISABLE, "StatusFlag 0x6 of processor 3, enabled again", "0x2");
    mps_sound(&record);
    record.disabling.enabled_on = 3;
    assert_fails(MPS_CHECK_DISABLE, "4 enabled, as before", "4, 3 enabled");
    cpuset_add(&sound_trial(MPS_ALL_WITHOUT)->ran, 3);
    assert_fails(MPS_CHECK_DISABLE, "", "run by processor 3");
}

static void no_broadcast_while_one_is_disabled(void **state)
{
    static const struct {
        enum mps_call call;
        enum mps_check check;
    } broadcast[] = {{MPS_ALL_TOGETHER, MPS_CHECK_TOGETHER},
                     {MPS_ALL_LATE, MPS_CHECK_LATE},
                     {MPS_ALL_EVENT, MPS_CHECK_EVENT},
                     {MPS_ALL_EVENT_LATE, MPS_CHECK_EVENT_LATE}};
    (void)state;
    mps_sound(&record);
    record.gentle = true;
    for (size_t i = 0; i < sizeof(broadcast) / sizeof(broadcast[0]); i++) {
        record.answers[broadcast[i].call].ending = MPS_NOT_ASKED;
        assert_skips(broadcast[i].check, "a processor is disabled");
    }
    assert_passes(MPS_CHECK_ALL);
}

static void switching(void **state)
{
    (void)state;
    mps_sound(&record);
    record.switching.id_there = 0;
    assert_fails(MPS_CHECK_SWITCH, "processor 1, APIC ID 0x2, and flagged so, after the switch",
                 "WhoAmI 1, APIC ID 0x0, flagged");
    mps_sound(&record);
    record.switching.flag_back = false;
    assert_fails(MPS_CHECK_SWITCH, "after the switch back", "not flagged");
    mps_sound(&record);
    record.answers[MPS_SWITCH_THERE].ending = MPS_NOT_ASKED;
    record.answers[MPS_SWITCH_BACK].ending = MPS_NOT_ASKED;
    assert_skips(MPS_CHECK_SWITCH, "only asked with --switch-bsp");
    record.bsp_flag_fixed = true;
    assert_skips(MPS_CHECK_SWITCH, "IA32_APIC_BASE.BSP cannot be cleared");
}

/* Whatever the status was: another CPU came back from the call. */
static void a_switch_that_must_be_refused(void **state)
{
    (void)state;
    mps_sound(&record);
    record.switching.obeyed = true;
    record.switching.obeyed_call = MPS_SWITCH_BEYOND;
    record.switching.obeyed_id = 2;
    assert_fails(MPS_CHECK_SWITCH_ERRORS, "the BSP stays APIC ID 0x0",
                 "SwitchBSP to the first number beyond the count: muster was on APIC ID 0x2 after");
    record.switching.obeyed_id = 0;
    record.answers[MPS_SWITCH_BEYOND].status = MPS_SUCCESS;
    assert_fails(MPS_CHECK_SWITCH_ERRORS, "EFI_NOT_FOUND", "EFI_SUCCESS");
}

static void change(struct mps_change *to, enum mps_state_part part, uint64_t was, uint64_t is)
{
    to->calls++;
    to->first = MPS_SWITCH_BEYOND;
    to->before.parts[part] = was;
    to->after.parts[part] = is;
}

static void state_of_the_bsp(void **state)
{
    (void)state;
    mps_sound(&record);
    change(&record.changed, MPS_STATE_IF, 1, 0);
    change(&record.changed, MPS_STATE_TPL, 4, 16);
    assert_fails(MPS_CHECK_STATE, "RFLAGS.IF 0x1, TPL 0x4",
                 "RFLAGS.IF 0x0, TPL 0x10 after SwitchBSP to the first number beyond the count, "
                 "and after 1 more");
    assert_passes(MPS_CHECK_SWITCH_STATE);
    /* All at once still fits. */
    for (uint32_t part = 0; part < MPS_STATE_PARTS; part++) {
        record.changed.before.parts[part] = 0x100ff;
        record.changed.after.parts[part] = 0x1ff;
    }
    struct words words;
    assert_int_equal(mps_judge(&record, MPS_CHECK_STATE, &words), VERDICT_FAIL);
}

static void known_of_edk2(void **state)
{
    (void)state;
    mps_sound(&record);
    record.answers[MPS_THIS_BUSY].status = MPS_SUCCESS;
    change(&record.switch_changed, MPS_STATE_LVT_LINT0, 0x700, 0x10700);
    change(&record.switch_changed, MPS_STATE_IF, 1, 0);
    assert_verdict(MPS_CHECK_THIS_BUSY, VERDICT_DEVIATION, "EFI_NOT_READY", "EFI_SUCCESS");
    assert_verdict(MPS_CHECK_SWITCH_STATE, VERDICT_DEVIATION, "LVT LINT0 0x700", "0x10700");
}

static void edk2_is_excused_nothing_else(void **state)
{
    (void)state;
    mps_sound(&record);
    record.answers[MPS_THIS_BUSY].status = MPS_TIMEOUT;
    assert_fails(MPS_CHECK_THIS_BUSY, "", "EFI_TIMEOUT");
    record.answers[MPS_THIS_BUSY] = (struct mps_answer){.ending = MPS_NEVER};
    assert_fails(MPS_CHECK_THIS_BUSY, "", "did not return");
    change(&record.switch_changed, MPS_STATE_LVT_LINT0, 0x700, 0x10500);
    assert_fails(MPS_CHECK_SWITCH_STATE, "", "0x10500");
    mps_sound(&record);
    change(&record.switch_changed, MPS_STATE_LVT_ERROR, 0x22, 0x10022);
    assert_fails(MPS_CHECK_SWITCH_STATE, "", "LVT error");
    change(&record.changed, MPS_STATE_LVT_LINT0, 0x700, 0x10700);
    assert_fails(MPS_CHECK_STATE, "", "LVT LINT0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_firmware_passes),
        cmocka_unit_test(without_the_protocol_nothing_is_judged),
        cmocka_unit_test(every_call_has_its_status),
        cmocka_unit_test(more_wrong_statuses_are_counted),
        cmocka_unit_test(what_firmware_may_refuse_is_skipped),
        cmocka_unit_test(counts),
        cmocka_unit_test(processor_information),
        cmocka_unit_test(numbers_and_apic_ids),
        cmocka_unit_test(who_ran),
        cmocka_unit_test(order),
        cmocka_unit_test(failed_cpu_list),
        cmocka_unit_test(who_had_not_ended_may_be_listed),
        cmocka_unit_test(events),
        cmocka_unit_test(disabling),
        cmocka_unit_test(no_broadcast_while_one_is_disabled),
        cmocka_unit_test(switching),
        cmocka_unit_test(a_switch_that_must_be_refused),
        cmocka_unit_test(state_of_the_bsp),
        cmocka_unit_test(known_of_edk2),
        cmocka_unit_test(edk2_is_excused_nothing_else),
    };
    return RUN(tests);
}
