/* Included before every source by the Makefile: all symbols are the program's own, so that they are
 * reached relative to RIP and not through a table that would have to be relocated. */
#pragma GCC visibility push(hidden)
