/* stack.guard, page.wx */
#include <muster/judge.h>
#include <muster/text.h>

static void tell_stacks(struct text *out, uint32_t bits)
{
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        if (bits >> id & 1)
            text_format(out, " %s", stack_name(id));
    }
}

enum verdict judge_guard(const struct observation *observation, struct words *ret)
{
    const struct obs_guard *guard = &observation->guard;
    struct text seen;

    if (guard->guards_mapped || guard->pages_wrong) {
        text_init(&seen, ret->seen, sizeof ret->seen);
        text_format(
            &seen,
            "%u guard pages mapped, %u stack pages not mapped read-write and NX, first at 0x%lx",
            guard->guards_mapped, guard->pages_wrong, (unsigned long)guard->first_address);
        string_copy(ret->expected, sizeof ret->expected,
                    "no guard page mapped, every stack page read-write and NX");
        string_copy(ret->means, sizeof ret->means,
                    "a stack overflow here would run on into the next page instead of faulting");
        return VERDICT_FAIL;
    }
    if (guard->overrun || guard->touched) {
        text_init(&seen, ret->seen, sizeof ret->seen);
        text_add(&seen, "written:");
        tell_stacks(&seen, guard->overrun | guard->touched);
        string_copy(ret->expected, sizeof ret->expected, "paint of unused stacks intact");
        string_copy(
            ret->means, sizeof ret->means,
            "somebody wrote to a stack that nothing should use yet: another CPU's TSS or RSP "
            "points here, or a stack ran over");
        return VERDICT_FAIL;
    }
    return VERDICT_PASS;
}

enum verdict judge_pages(const struct observation *observation, struct words *ret)
{
    const struct obs_pages *pages = &observation->pages;
    struct pair nx = {.want = pages->nx_offered, .seen = pages->nx_on};
    struct pair wp = {.want = 1, .seen = pages->write_protect_on};
    struct pair both = {.want = 0, .seen = pages->writable_executable};
    struct text seen;

    if (words_differ(ret, "CR3", pages->cr3, "this CPU runs on other page tables than the rest") ||
        words_differ(
            ret, "EFER.NXE", nx,
            "no-execute is off on this CPU: it runs data that the others refuse, or faults "
            "on the NX bit as a reserved one") ||
        words_differ(ret, "CR0.WP", wp, "read-only pages can be written in ring 0 on this CPU"))
        return VERDICT_FAIL;
    if (!pages->nx_offered) {
        string_copy(ret->seen, sizeof ret->seen,
                    "the CPUs offer no NX: every writable page is executable");
        return VERDICT_SKIP;
    }
    if (!pages->surveyed ||
        !words_differ(ret, "pages both writable and executable", both,
                      "what can be written can be run: a stray write becomes code"))
        return VERDICT_PASS;
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "%lu of %lu pages both writable and executable, first at 0x%lx",
                (unsigned long)pages->writable_executable, (unsigned long)pages->leaves,
                (unsigned long)pages->first_wx);
    return VERDICT_FAIL;
}
