/* Reads registers through /dev/cpu/N/msr and /dev/cpu/N/cpuid: one process for all, since under
 * software emulation each costs a hundredth of a second.
 *
 * A line of standard input is WORDS PATH POSITION, then COUNT, of 32-bit words; what is told is
 * WORDS and these in hexadecimal, or "none" where the CPU faults. WORDS has no space; '/' stands
 * for one. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { COUNT_MAX = 4 };

static void tell(const char *words, const char *path, off_t position, unsigned count)
{
    uint32_t read_words[COUNT_MAX];
    const size_t size = count * sizeof(read_words[0]);
    const int device = open(path, O_RDONLY);
    const bool whole = device >= 0 && pread(device, read_words, size, position) == (ssize_t)size;

    for (; *words != '\0'; words++)
        putchar(*words == '/' ? ' ' : *words);
    for (unsigned n = 0; n < count && whole; n++)
        printf(" %" PRIx32, read_words[n]);
    puts(whole ? "" : " none");
    if (device >= 0)
        close(device);
}

int main(void)
{
    char words[64], path[64];
    uint64_t position;
    unsigned count;

    while (scanf("%63s %63s %" SCNx64 " %u", words, path, &position, &count) == 4) {
        if (count > COUNT_MAX)
            return 1;
        tell(words, path, (off_t)position, count);
    }
    return 0;
}
