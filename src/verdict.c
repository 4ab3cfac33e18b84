/* The names of verdicts, as reports print them. */
#include <muster/verdict.h>

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        return "PASS";
    case VERDICT_SKIP:
        return "SKIP";
    case VERDICT_FAIL:
        return "FAIL";
    case VERDICT_ERROR:
        return "ERROR";
    case VERDICT_DEVIATION:
        return "DEVIATION";
    case VERDICT_NONE:
        break;
    }
    return "none";
}
