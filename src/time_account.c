#include <muster/time_account.h>

static const struct {
    const char *name, *key;
} uses[TIME_USES] = {
    [TIME_OTHER] = {"other", "other"},       [TIME_CHECKS] = {"checks", "checks"},
    [TIME_SETUP] = {"set-up", "set_up"},     [TIME_BRING_UP] = {"bring-up", "bring_up"},
    [TIME_WAITING] = {"waiting", "waiting"}, [TIME_SERIAL] = {"serial", "serial"},
    [TIME_SCREEN] = {"screen", "screen"},    [TIME_RECORD] = {"record", "record"},
    [TIME_BENCH] = {"bench", "bench"},
};

const char *time_use_name(enum time_use use)
{
    return uses[use].name;
}

const char *time_use_key(enum time_use use)
{
    return uses[use].key;
}

void time_account_begin(struct time_account *ret, enum time_use use, uint64_t now)
{
    *ret = (struct time_account){.use = use, .since = now};
}

enum time_use time_account_turn(struct time_account *account, enum time_use use, uint64_t now)
{
    const enum time_use before = account->use;
    if (now > account->since) {
        account->ticks[before] += now - account->since;
        account->since = now;
    }
    account->use = use;
    return before;
}
