#include "runtime_call.h"
#include "registers.h"
#include "work.h"

/* Runtime code that firmware did not split into code and data writes to itself: with CR0.WP off
 * ring 0 may. */
void runtime_call_begin(struct run *run, uint64_t us)
{
    if (run->fleet.runtime_wants_write)
        cr0_write(cr0_read() & ~CR0_WP);
    run->fleet.deadline_armed = run->fleet.deadlines;
    work_deadline(&run->fleet, run->fleet.deadlines ? us : 0);
    interrupts_on();
}

void runtime_call_end(struct run *run)
{
    interrupts_off();
    run->fleet.deadline_armed = false; /* one that is already on its way comes too late */
    work_deadline(&run->fleet, 0);
    cr0_write(cr0_read() | CR0_WP);
}
