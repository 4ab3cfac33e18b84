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

/* The word on one side of a way to forget a page. */
static bool word_differs(struct words *ret, const char *side, enum tlb_way way, struct pair word,
                         const char *means)
{
    static const char *const names[TLB_WAYS] = {
        [TLB_INVLPG] = "INVLPG",
        [TLB_CR3] = "MOV to CR3",
        [TLB_INVLPG_GLOBAL] = "INVLPG of a global page",
        [TLB_CR4_PGE] = "CR4.PGE off and on, of a global page",
        [TLB_PCID_CR3] = "MOV to CR3 with its PCID",
        [TLB_PCID_INVLPG_GLOBAL] = "INVLPG of a global page with CR4.PCIDE set",
        [TLB_INVPCID_ADDRESS] = "INVPCID of the address",
        [TLB_INVPCID_CONTEXT] = "INVPCID of the context",
        [TLB_INVPCID_ALL_GLOBAL] = "INVPCID of all, global pages too",
        [TLB_INVPCID_ALL] = "INVPCID of all but global pages",
        [TLB_PCID_OTHER] = "MOV to CR3 with another PCID",
    };
    char name[64];
    struct text text;

    text_init(&text, name, sizeof name);
    text_format(&text, "word %s %s", side, names[way]);
    return words_differ(ret, name, word, means);
}

enum verdict judge_tlb(const struct observation *observation, struct words *ret)
{
    const struct obs_tlb *tlb = &observation->tlb;

    if (tlb->unasked)
        return judge_unasked(tlb->unasked, ret);
    for (enum tlb_way way = 0; way < TLB_WAYS; way++) {
        if (!(tlb->tried >> way & 1))
            continue;
        if (word_differs(ret, "before", way, tlb->before[way],
                         "the INVLPG with which this begins did not make the CPU forget how the "
                         "page was mapped") ||
            word_differs(ret, "after", way, tlb->after[way],
                         "the CPU still reads the page as it was mapped before: what must flush "
                         "its translation does not"))
            return VERDICT_FAIL;
    }
    if (words_differ(ret, "CR3", tlb->cr3, "CR3 was not put back as it was") ||
        words_differ(ret, "CR4", tlb->cr4, "CR4 was not put back as it was"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
