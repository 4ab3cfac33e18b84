"""The names of register bits, for saying which of them changed: SDM vol. 3A, 2.5 and 2.6, vol. 2A,
CPUID; APM vol. 2, 3.1 and vol. 3, appendix E."""
from __future__ import annotations

_STATE = {
    "cr0": {0: "PE", 1: "MP", 2: "EM", 3: "TS", 4: "ET", 5: "NE", 16: "WP", 18: "AM", 29: "NW",
            30: "CD", 31: "PG"},
    "cr4": dict(enumerate("VME PVI TSD DE PSE PAE MCE PGE PCE OSFXSR OSXMMEXCPT UMIP LA57 VMXE "
                          "SMXE".split())) | {
        16: "FSGSBASE", 17: "PCIDE", 18: "OSXSAVE", 20: "SMEP", 21: "SMAP", 22: "PKE", 23: "CET",
        24: "PKS", 25: "UINTR", 28: "LAM_SUP", 32: "FRED"},
    "efer": {0: "SCE", 8: "LME", 10: "LMA", 11: "NXE", 12: "SVME", 13: "LMSLE", 14: "FFXSR",
             15: "TCE"},
    "xcr0": dict(enumerate("x87 SSE AVX BNDREGS BNDCSR opmask ZMM_Hi256 Hi16_ZMM".split())) | {
        9: "PKRU", 17: "TILECFG", 18: "TILEDATA"},
    "apic-base": {8: "BSP", 10: "EXTD", 11: "EN"},
    "feature-control": {0: "locked", 1: "VMX in SMX", 2: "VMX", 17: "SGX launch", 18: "SGX",
                        20: "LMCE"},
    "misc-enable": {0: "fast strings", 3: "thermal control", 7: "performance monitoring",
                    11: "BTS unavailable", 12: "PEBS unavailable", 16: "SpeedStep", 18: "MONITOR",
                    22: "CPUID limit", 23: "xTPR off", 34: "XD off", 38: "turbo off"},
    "spec-ctrl": {0: "IBRS", 1: "STIBP", 2: "SSBD"},
    "syscfg": {18: "MFDE", 19: "MFDM", 20: "MVDM", 21: "TOM2", 22: "FWB", 23: "SME", 24: "SNP"},
    "arch-capabilities": {0: "RDCL_NO", 1: "IBRS_ALL", 2: "RSBA", 3: "SKIP_L1DFL", 4: "SSB_NO",
                          5: "MDS_NO", 6: "PSCHANGE_NO", 7: "TSX_CTRL", 8: "TAA_NO"},
    "dr7": {}, "hwcr": {}, "xss": {}, "u-cet": {}, "s-cet": {},
}
_CPUID = {
    "1.0.ecx": dict(enumerate(
        "SSE3 PCLMULQDQ DTES64 MONITOR DS-CPL VMX SMX EIST TM2 SSSE3 CNXT-ID SDBG FMA CMPXCHG16B "
        "xTPR PDCM - PCID DCA SSE4.1 SSE4.2 x2APIC MOVBE POPCNT TSC-deadline AES XSAVE OSXSAVE AVX "
        "F16C RDRAND hypervisor".split())),
    "1.0.edx": dict(enumerate(
        "FPU VME DE PSE TSC MSR PAE MCE CX8 APIC - SEP MTRR PGE MCA CMOV PAT PSE-36 PSN CLFSH - DS "
        "ACPI MMX FXSR SSE SSE2 SS HTT TM IA64 PBE".split())),
    "7.0.ebx": dict(enumerate(
        "FSGSBASE TSC_ADJUST SGX BMI1 HLE AVX2 - SMEP BMI2 ERMS INVPCID RTM RDT-M - MPX RDT-A "
        "AVX512F AVX512DQ RDSEED ADX SMAP AVX512_IFMA - CLFLUSHOPT CLWB PT AVX512PF AVX512ER "
        "AVX512CD SHA AVX512BW AVX512VL".split())),
    "7.0.ecx": dict(enumerate(
        "PREFETCHWT1 AVX512_VBMI UMIP PKU OSPKE WAITPKG AVX512_VBMI2 CET_SS GFNI VAES VPCLMULQDQ "
        "AVX512_VNNI AVX512_BITALG TME AVX512_VPOPCNTDQ - LA57".split())) | {
        22: "RDPID", 23: "KL", 24: "bus-lock detect", 25: "CLDEMOTE", 27: "MOVDIRI",
        28: "MOVDIR64B", 29: "ENQCMD", 30: "SGX_LC", 31: "PKS"},
    "7.0.edx": {4: "FSRM", 5: "UINTR", 10: "MD_CLEAR", 14: "SERIALIZE", 15: "hybrid", 18: "PCONFIG",
                20: "CET_IBT", 22: "AMX-BF16", 24: "AMX-TILE", 25: "AMX-INT8", 26: "IBRS_IBPB",
                27: "STIBP", 28: "L1D_FLUSH", 29: "ARCH_CAPABILITIES", 30: "CORE_CAPABILITIES",
                31: "SSBD"},
    "7.1.eax": {4: "AVX-VNNI", 5: "AVX512_BF16", 17: "FRED", 18: "LKGS", 26: "LAM"},
    "80000001.0.ecx": dict(enumerate(
        "LAHF CmpLegacy SVM ExtApic AltMovCr8 LZCNT SSE4A MisAlignSse 3DNowPrefetch OSVW IBS XOP "
        "SKINIT WDT - LWP FMA4 TCE".split())) | {21: "TBM", 22: "TopologyExtensions", 29: "MONITORX"},
    "80000001.0.edx": {11: "SYSCALL", 20: "NX", 22: "MmxExt", 25: "FFXSR", 26: "1-GiB pages",
                     27: "RDTSCP", 29: "long mode", 30: "3DNowExt", 31: "3DNow"},
    "80000007.0.edx": {8: "invariant TSC"},
    "80000008.0.ebx": {12: "IBPB", 14: "IBRS", 15: "STIBP", 24: "SSBD"},
    "d.0.eax": _STATE["xcr0"], "d.1.eax": {0: "XSAVEOPT", 1: "XSAVEC", 2: "XGETBV 1", 3: "XSAVES"},
    "7.2.edx": {}, "80000021.0.eax": {}, "6.0.eax": {1: "turbo", 2: "ARAT"},
}
NAMES = {**{f"state.{name}": bits for name, bits in _STATE.items()},
         **{f"cpuid.{name}": bits for name, bits in _CPUID.items()}}
_TOLD_MAX = 8


def changed_bits(name: str, old: int, new: int) -> str:
    """"OSFXSR now set; PGE, bit 12 now clear"; "" for what has no bits."""
    if name not in NAMES:
        return ""
    parts = [(_told(name, new & ~old), "now set"), (_told(name, old & ~new), "now clear")]
    return "; ".join(f"{bits} {how}" for bits, how in parts if bits)


def _told(name: str, bits: int) -> str:
    names = [_bit(name, bit) for bit in range(64) if bits >> bit & 1]
    more = f" and {len(names) - _TOLD_MAX} more" if len(names) > _TOLD_MAX else ""
    return ", ".join(names[:_TOLD_MAX]) + more


def _bit(name: str, bit: int) -> str:
    word = NAMES[name].get(bit, "-")
    return f"bit {bit}" if word == "-" else word
