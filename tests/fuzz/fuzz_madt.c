/* Any bytes for a MADT: nothing outside them is read, and what comes of them keeps its bounds, in
 * the claims, the inventory and the words of every judge. */
#include <assert.h>
#include <string.h>

#include <muster/inventory.h>
#include <muster/judge_roll.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct claims claims;
static struct inventory inventory;

static void check_notes(const struct notes *notes)
{
    assert(notes->count <= NOTE_MAX);
    assert(notes->dropped == 0 || notes->count == NOTE_MAX);
    for (uint32_t i = 0; i < notes->count; i++) {
        assert(memchr(notes->list[i].text, '\0', NOTE_TEXT_MAX));
        assert(!strcmp(notes->list[i].check, "") || !strcmp(notes->list[i].check, "roll.madt"));
    }
}

static void check_claims(const struct madt_claims *madt)
{
    assert(madt->count <= CPU_MAX && madt->nmi_count <= MADT_NMI_MAX);
    assert(madt->ioapic_count <= IOAPIC_MAX && (madt->present || madt->ioapic_count == 0));
    assert(madt->beyond == 0 || madt->count == CPU_MAX);
    assert(madt->present || (madt->count == 0 && madt->nmi_count == 0 && madt->mailbox == 0));
    assert(madt->mailbox % 4096 == 0);
    for (uint32_t i = 0; i < madt->count; i++) {
        const struct madt_claim *cpu = &madt->cpus[i];
        assert(cpu->type == 9 || (cpu->type == 0 && cpu->apic_id < 0xff && cpu->uid <= 0xff));
        assert(cpu->apic_id != CPU_NONE);
        assert(!cpu->enabled || !cpu->online_capable);
    }
    for (uint32_t i = 0; i < madt->nmi_count; i++) {
        assert(madt->nmis[i].lint <= 1);
    }
}

static void check_inventory(void)
{
    inventory_merge(&claims, &inventory);
    assert(inventory.count >= 1 && inventory.count <= CPU_MAX);
    assert(inventory.disabled == 0); /* no MP Services here */
    assert(inventory.count + inventory.spare <= claims.madt.count + 1);
    assert(inventory.spare_online_capable <= inventory.spare);
    assert(inventory.rows[0].apic_id == claims.bsp_apic_id);
    for (uint32_t i = 0; i < inventory.count; i++) {
        assert(inventory_find(&inventory, inventory.rows[i].apic_id) == i);
    }
}

static void check_judge(enum verdict (*judge)(const struct claims *claims, struct words *ret))
{
    struct words words;
    memset(&words, 'x', sizeof(words));
    const enum verdict verdict = judge(&claims, &words);
    assert(memchr(words.expected, '\0', sizeof(words.expected)));
    assert(memchr(words.seen, '\0', sizeof(words.seen)));
    assert(memchr(words.means, '\0', sizeof(words.means)));
    assert(verdict == VERDICT_PASS || verdict == VERDICT_SKIP || verdict == VERDICT_FAIL ||
           verdict == VERDICT_ERROR);
    assert((verdict == VERDICT_PASS) == (words.seen[0] == '\0'));
    assert((verdict == VERDICT_FAIL) == (words.means[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memset(&claims.notes, 0, sizeof(claims.notes));
    madt_read(data, (uint32_t)size, &claims.madt, &claims.notes);
    check_notes(&claims.notes);
    check_claims(&claims.madt);
    check_inventory();
    check_judge(judge_roll_madt);
    check_judge(judge_roll_agree);
    check_judge(judge_roll_unique);
    check_judge(judge_roll_bsp_first);
    return 0;
}
