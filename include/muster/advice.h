/* What a person may do next about a check that failed. Pure; any phase. */
#ifndef MUSTER_ADVICE_H
#define MUSTER_ADVICE_H

/* One sentence for check `id`; never empty. */
const char *advice_for(const char *id);

#endif
