/* fleet.h - the same work in many homes, each in a process of its own with its owner's rights
 *
 * What goes wrong in one home (a broken file, a crash, no end) stays there. The process that starts
 * the others never reads a file in a home. */
#pragma once
#include <glib.h>

#include "app/homes.h"

/** PrcFleetResult: what came of one home. */
typedef struct {
    const PrcHome *home;
    int exit;        /* what the work returned; @failed_exit with @failure */
    const char *out; /* what it printed */
    const char *err;
    const char *failure; /* (nullable): it did not come to its end, and why */
} PrcFleetResult;

/** PrcFleet: @work runs in the child: stdin is empty, stdout and stderr are kept, there is no
 * terminal. @done runs in the caller, in the order of the list. */
typedef struct {
    int (*work) (const PrcHome *home, gpointer data);
    void (*done) (const PrcFleetResult *result, gpointer data);
    void (*tick) (guint n_done, gpointer data); /* (nullable): now and then */
    gpointer data;
    guint parallel;  /* 0: as many as there are processors, 2 to 4 */
    guint seconds;   /* the longest that one home may take */
    int failed_exit; /* the exit code for one that did not come to its end */
    int shared_fd;   /* above 2: the one descriptor that the children get of the caller's; 0: none */
} PrcFleet;

/**
 * prc_fleet_run: memory does not grow with the number of homes.
 * @error: #PRC_ERROR_CANCELLED by SIGINT or SIGTERM, after which no home is begun any more and
 * those that are begun are finished; #PRC_ERROR_WRITE: no process could be started
 */
gboolean prc_fleet_run (const PrcHomes *homes, const PrcFleet *fleet, GError **error);
