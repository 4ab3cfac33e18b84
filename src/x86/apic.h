/* The local APIC of the CPU that calls: xAPIC through memory, x2APIC through MSRs (SDM vol. 3A,
 * 11). */
#ifndef X86_APIC_H
#define X86_APIC_H

#include <stdbool.h>
#include <stdint.h>

/* How the whole machine's local APICs are driven; filled once on the BSP, then only read. */
struct apic {
    bool x2apic;
    uint64_t base;     /* physical = virtual address of the xAPIC registers */
    uint64_t timer_hz; /* counts a second at divide-by-16; 0: not measured */
};

/* What the low half of the ICR takes, for assembly that sends in the middle of something. */
enum { APIC_SEND_NMI = 0x4400 /* NMI, assert */, MSR_X2APIC_ICR = 0x830 };

/* Registers by their xAPIC offsets (SDM vol. 3A, table 11-1). */
enum {
    APIC_ID = 0x20,
    APIC_VERSION = 0x30,
    APIC_TPR = 0x80,
    APIC_EOI = 0xb0,
    APIC_LOGICAL = 0xd0,     /* LDR */
    APIC_DESTINATION = 0xe0, /* DFR; none in x2APIC mode */
    APIC_SPURIOUS = 0xf0,
    APIC_ISR = 0x100,
    APIC_IRR = 0x200,
    APIC_ERROR = 0x280,
    APIC_LVT_CMCI = 0x2f0,
    APIC_ICR_LOW = 0x300,
    APIC_ICR_HIGH = 0x310,
    APIC_LVT_TIMER = 0x320,
    APIC_TIMER_INITIAL = 0x380,
    APIC_TIMER_CURRENT = 0x390,
    APIC_TIMER_DIVIDE = 0x3e0,
    APIC_SELF_IPI = 0x3f0, /* x2APIC mode only */
    APIC_EXTENDED = 0x400, /* AMD: how many LVTs more there are */
    APIC_LVT_EXTENDED = 0x500,
};

/* The low word of the ICR (SDM vol. 3A, figure 11-12); the lowest byte is the vector. */
enum {
    ICR_FIXED = 0x000,
    ICR_NMI = 0x400,
    ICR_INIT = 0x500,
    ICR_STARTUP = 0x600,
    ICR_LOGICAL = 1 << 11,
    ICR_ASSERT = 1 << 14,
    ICR_SELF = 1 << 18,
    ICR_ALL = 2 << 18,
    ICR_ALL_BUT_SELF = 3 << 18,
};

/* Reads mode and base from IA32_APIC_BASE. BSP. False when the APIC is globally disabled. */
bool apic_find(struct apic *ret);
/* From here on in x2APIC mode, the calling CPU at once, the others as they come to apic_enable().
 * BSP. */
void apic_use_x2apic(struct apic *apic);
/* Whether an IPI can be aimed at this APIC ID: 8 bits in xAPIC mode, the highest value is
 * everybody. */
bool apic_reaches(const struct apic *apic, uint32_t apic_id);
/* Brings the calling CPU's APIC into `apic`'s mode, enables it with `spurious` as its vector. False
 * when it is in x2APIC mode and `apic` is not: there is no way back but a reset (SDM vol.
 * 3A, 11.12.5). */
bool apic_enable(const struct apic *apic, uint8_t spurious);
/* The ID as the APIC's own register tells it. */
uint32_t apic_id_register(const struct apic *apic);
void apic_end_of_interrupt(const struct apic *apic);
/* True when `vector` is in service: an interrupt from the APIC, to be ended, not an INT
 * instruction. */
bool apic_in_service(const struct apic *apic, uint8_t vector);

/* One register of the calling CPU's APIC. */
uint32_t apic_read(const struct apic *apic, uint32_t offset);
void apic_write(const struct apic *apic, uint32_t offset, uint32_t value);
/* The bit of `vector` in APIC_ISR or APIC_IRR. */
bool apic_bit(const struct apic *apic, uint32_t bitmap, uint8_t vector);

/* Each waits at most about a millisecond for the previous IPI to leave; false when it never did. */
bool apic_send_init(const struct apic *apic, uint32_t apic_id);
bool apic_send_sipi(const struct apic *apic, uint32_t apic_id, uint8_t page);
/* An NMI, to the caller itself as well: `apic_id` is a physical destination. */
bool apic_send_nmi(const struct apic *apic, uint32_t apic_id);
/* Makes an NMI to `apic_id` ready, so that storing APIC_SEND_NMI at the address returned sends it;
 * 0 in x2APIC mode, where WRMSR does it all. */
uint64_t apic_aim_nmi(const struct apic *apic, uint32_t apic_id);
bool apic_send_fixed(const struct apic *apic, uint32_t apic_id, uint8_t vector);
/* Any other command: ICR_… bits, to an APIC ID or a logical destination. */
bool apic_command(const struct apic *apic, uint32_t destination, uint32_t command);
/* To all CPUs but the caller's: benchmarks only, since it wakes what firmware disabled, too. */
bool apic_broadcast_init(const struct apic *apic);
bool apic_broadcast_sipi(const struct apic *apic, uint8_t page);

/* One interrupt after `counts` of the timer (divide by 16); 0 stops the timer. `lvt`: the vector,
 * with LVT_MASKED to count only. */
void apic_timer_start(const struct apic *apic, uint32_t lvt, uint32_t counts);
uint32_t apic_timer_left(const struct apic *apic);

#endif
