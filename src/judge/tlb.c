/* tlb.* */
#include <muster/judge.h>
#include <muster/text.h>

enum verdict judge_shootdown(const struct observation *observation, struct words *ret)
{
    const struct obs_shootdown *seen = &observation->shootdown;
    char name[64];
    struct text text;

    text_init(&text, name, sizeof name);
    text_format(&text, "round %u: word", seen->round);
    if (words_differ(ret, name, seen->before,
                     "the page was wrong before it was changed: an earlier change came late") ||
        words_differ(ret, "shootdown IPIs", seen->shots,
                     "the IPI that asks this CPU to forget a page was lost or doubled") ||
        words_differ(ret, name, seen->after,
                     "this CPU still reads the page as it was mapped before: an OS would give away "
                     "memory that this CPU still writes to"))
        return VERDICT_FAIL;
    return judge_unasked(seen->unasked, ret);
}

enum verdict judge_tlb(const struct observation *observation, struct words *ret)
{
    static const char *const names[TLB_WAYS] = {
        [TLB_INVLPG] = "word after INVLPG",
        [TLB_CR3] = "word after MOV to CR3",
        [TLB_INVLPG_GLOBAL] = "word of a global page after INVLPG",
        [TLB_CR4_PGE] = "word of a global page after CR4.PGE was turned off and on",
        [TLB_PCID_CR3] = "word after MOV to CR3 with its PCID",
        [TLB_PCID_OTHER] = "word under another PCID",
        [TLB_INVPCID_ADDRESS] = "word after INVPCID of the address",
        [TLB_INVPCID_CONTEXT] = "word after INVPCID of the context",
        [TLB_INVPCID_ALL_GLOBAL] = "word of a global page after INVPCID of all",
        [TLB_INVPCID_ALL] = "word after INVPCID of all but global pages",
    };
    const struct obs_tlb *tlb = &observation->tlb;

    if (tlb->unasked)
        return judge_unasked(tlb->unasked, ret);
    for (enum tlb_way way = 0; way < TLB_WAYS; way++) {
        if (tlb->tried >> way & 1 &&
            words_differ(ret, names[way], tlb->word[way],
                         "the CPU still reads the page as it was mapped before: what must flush "
                         "its translation does not"))
            return VERDICT_FAIL;
    }
    if (words_differ(ret, "CR3", tlb->cr3, "CR3 was not put back as it was") ||
        words_differ(ret, "CR4", tlb->cr4, "CR4 was not put back as it was"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
