#include "refusal.h"
#include "processor.h"

#include <muster/cpuid.h>
#include <muster/text.h>

bool refuse(struct refusal *refusal, EFI_STATUS status, const char *format, ...)
{
    struct text message;
    va_list args;
    refusal->status = status;
    text_init(&message, refusal->message, sizeof(refusal->message));
    va_start(args, format);
    text_vformat(&message, format, args);
    va_end(args);
    return false;
}

bool refusal_spares_guest(struct refusal *ret_refusal)
{
    const char *technology = cpuid_confidential_guest(processor_cpuid, processor_rdmsr);
    if (technology == NULL) {
        return true;
    }
    return refuse(
        ret_refusal, EFI_UNSUPPORTED,
        "muster: %s guest: its CPUs start and take exceptions only through the hypervisor, which "
        "muster does not speak to; run it in an ordinary guest or on bare metal",
        technology);
}
