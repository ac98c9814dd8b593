/* trace.h - runs a function in a child process and interferes with its system calls */
#pragma once
#include <glib.h>

/** Trace: what to do. A "stop" is the moment before or after one system call; both count from 0. */
typedef struct {
    int kill_at; /* SIGKILL at this stop; -1: never */
    int fail_at; /* this call fails with @fail_errno instead of being made; -1: none */
    int fail_errno;
    gboolean fail_rest;      /* and so do all later ones that write */
    const long (*always)[2]; /* (nullable): { call, errno } that always fail; ends with -1 */
    /* what came of it */
    int n_stops, n_calls;
    gboolean hit;  /* @kill_at or @fail_at was reached */
    long hit_call; /* which one it was */
    GArray *calls; /* (nullable): long: gets the number of each call made */
} Trace;
#define TRACE_INIT                                                                                 \
    {                                                                                              \
        -1, -1, 0, FALSE, NULL, 0, 0, FALSE, -1, NULL                                              \
    }

/** trace_supported: whether this machine can; says why not. */
gboolean trace_supported (void);

/** trace_run: @function's result is the child's exit status; -1 when it was killed. */
int trace_run (Trace *trace, int (*function) (gpointer data), gpointer data);
