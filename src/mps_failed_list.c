#include <muster/observe_mps.h>

/* PI 1.8 vol. 2, 13.4.4. */
#define END_OF_CPU_LIST UINT64_C(0xffffffff)

enum mps_list mps_failed_list(const uint64_t *list, uint64_t readable, uint32_t processors,
                              struct cpuset *ret)
{
    cpuset_clear(ret);
    if (readable < sizeof(*list)) {
        return MPS_LIST_NOWHERE;
    }
    bool twice = false;
    const uint64_t room = readable / sizeof(*list);
    for (uint64_t n = 0; n < room && n <= processors; n++) {
        if (list[n] == END_OF_CPU_LIST) {
            return twice ? MPS_LIST_TWICE : MPS_LIST_SOUND;
        }
        if (list[n] >= processors) {
            return MPS_LIST_ALIEN;
        }
        twice |= cpuset_has(ret, (uint32_t)list[n]);
        cpuset_add(ret, (uint32_t)list[n]);
    }
    return MPS_LIST_ENDLESS;
}
