#include <muster/mca.h>
#include <muster/observe_msr.h>

/* Table 16-15: codes that stand for themselves. */
static const struct {
    uint16_t code;
    const char *text;
} simple[] = {
    {0x0000, "no error code"},
    {0x0001, "unclassified"},
    {0x0002, "microcode ROM parity"},
    {0x0003, "external error of another CPU"},
    {0x0004, "functional redundancy check"},
    {0x0005, "internal parity"},
    {0x0006, "SMM handler code outside SMRR"},
    {0x0400, "internal timer"},
    {0x0e0b, "I/O error"},
};

enum { SIMPLE = sizeof(simple) / sizeof(simple[0]) };

static const char *pick(const char *const *names, uint32_t count, uint32_t n)
{
    return n < count ? names[n] : "reserved";
}

#define PICK(names, n) pick((names), sizeof(names) / sizeof((names)[0]), (n))

/* Tables 16-17 to 16-20, in the order of the fields' values. */
static const char *const levels[] = {"L0", "L1", "L2", "any level"};
static const char *const transactions[] = {"instruction", "data", "generic"};
static const char *const requests[] = {"generic error", "generic read", "generic write",
                                       "data read",     "data write",   "instruction fetch",
                                       "prefetch",      "eviction",     "snoop"};
static const char *const roles[] = {"by this CPU", "to this CPU", "seen by this CPU", "generic"};
static const char *const spaces[] = {"memory", "reserved", "I/O", "other"};
static const char *const memory_work[] = {"generic request", "read", "write", "address or command",
                                          "scrubbing"};

static const char *level(uint16_t code)
{
    return levels[code & 3];
}

static const char *transaction(uint16_t code)
{
    return PICK(transactions, code >> 2 & 3u);
}

static const char *request(uint16_t code)
{
    return PICK(requests, code >> 4 & 0xfu);
}

static void print_memory(struct text *out, uint16_t code, const char *what)
{
    text_format(out, "%s, %s", what, PICK(memory_work, code >> 4 & 7u));
    if ((code & 0xf) != 0xf) {
        text_format(out, ", channel %u", code & 0xfu);
    }
}

static void print_bus(struct text *out, uint16_t code)
{
    text_format(out, "bus or interconnect, %s, %s, %s, %s%s", level(code), request(code),
                roles[code >> 9 & 3], spaces[code >> 2 & 3], code & 0x100 ? ", timed out" : "");
}

/* Table 16-16. Bit 12 is the filter of corrected errors, and no part of the code. */
static void print_compound(struct text *out, uint16_t code)
{
    if (code & 0x0800 && !(code & 0xe000)) {
        print_bus(out, code);
    } else if ((code & 0xff80) == 0x0280) {
        print_memory(out, code, "extended memory");
    } else if ((code & 0xff00) == 0x0100) {
        text_format(out, "%s %s cache, %s", level(code), transaction(code), request(code));
    } else if ((code & 0xff80) == 0x0080) {
        print_memory(out, code, "memory controller");
    } else if ((code & 0xfff0) == 0x0010) {
        text_format(out, "%s %s TLB", level(code), transaction(code));
    } else if ((code & 0xfffc) == 0x000c) {
        text_format(out, "cache hierarchy, %s", level(code));
    } else if ((code & 0xfc00) == 0x0400) {
        text_add(out, "internal, unclassified");
    } else {
        text_add(out, "unknown code");
    }
}

void mca_print_code(struct text *out, uint16_t code)
{
    for (uint32_t n = 0; n < SIMPLE; n++) {
        if (simple[n].code == code) {
            text_add(out, simple[n].text);
            return;
        }
    }
    print_compound(out, (uint16_t)(code & ~0x1000));
}

bool mca_corrected(uint64_t status, bool amd)
{
    return !(status & (MCI_STATUS_UC | MCI_STATUS_PCC)) && !(amd && status & MCI_STATUS_DEFERRED);
}

void mca_print_status(struct text *out, uint64_t status, bool amd)
{
    const bool deferred = amd && status & MCI_STATUS_DEFERRED && !(status & MCI_STATUS_UC);
    text_add(out, deferred ? "deferred" : mca_corrected(status, amd) ? "corrected" : "uncorrected");
    text_add(out, status & MCI_STATUS_PCC ? ", context corrupt" : "");
    text_add(out, status & MCI_STATUS_EN ? "" : ", reporting was off");
    text_add(out, status & MCI_STATUS_OVER ? ", more were overwritten" : "");
    text_add(out, ": ");
    mca_print_code(out, (uint16_t)status);
}

void mca_keep(struct obs_mca *mca, const struct mca_leftover *left)
{
    const uint32_t n = mca->leftovers++;
    if (n < MCA_KEPT) {
        mca->kept[n] = *left;
        return;
    }
    for (uint32_t k = 0; k < MCA_KEPT && !mca_corrected(left->status, mca->amd); k++) {
        if (mca_corrected(mca->kept[k].status, mca->amd)) {
            mca->kept[k] = *left;
            return;
        }
    }
}
