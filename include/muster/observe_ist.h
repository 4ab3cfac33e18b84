/* ist.*: which stack a vector is delivered on, and exceptions inside others. Included by
 * observation.h behind struct obs_probe. */
#ifndef MUSTER_OBSERVE_IST_H
#define MUSTER_OBSERVE_IST_H

/* ist.named */
struct obs_named {
    uint32_t asked; /* deliveries made */
    uint32_t wrong;
    struct pair vector, frame; /* of the first that is */
};

/* One exception in the handler of another. */
struct obs_nested {
    struct obs_probe outer, inner;
};

/* ist.reentry: bit n stands for IST stack n */
struct obs_reentry {
    struct pair noticed; /* entered while in use, and noticed */
    struct pair whole;   /* the first frame was whole then */
    struct pair landed;  /* the second frame lay where the guard put it */
};

#endif
