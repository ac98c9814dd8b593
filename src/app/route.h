/* route.h - which proxy a tool would use for a URL, and the setting that decides */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "routing/route.h"

/** PrcRouteOptions: zero what is not said. */
typedef struct {
    gboolean this_shell;  /* started from the calling shell, not from a new login shell */
    gboolean interactive; /* a new login shell that somebody types into: what one that only runs a
                             command does is not asked */
    const char *dir; /* (nullable): where the tool is started, for project files; NULL: the working
                        directory of the caller, or none with --home and --root */
} PrcRouteOptions;

/** PrcRouteAnswer: for one tool. @url and all that is in the routes may be shown: there is no
 * secret in it. */
typedef struct {
    char *tool;
    char *url; /* without user and password */
    gboolean is_installed;
    PrcRoute *route; /* undecided also when the two below are not the same */
    PrcRoute
        *interactive;  /* (nullable): of a login shell that somebody types into, if it is another */
    PrcRoute *command; /* (nullable): then, of one that only runs a command */
} PrcRouteAnswer;

void prc_route_answer_free (PrcRouteAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcRouteAnswer, prc_route_answer_free)

/**
 * prc_route:
 * @error: #PRC_ERROR_USAGE: there is no such tool, or its rules are not known; #PRC_ERROR_INPUT:
 * @url is none of http or https. What can't be decided is not an error.
 *
 * Runs nothing, writes nothing, asks nobody. Returns: (transfer full) (nullable)
 */
PrcRouteAnswer *prc_route (PrcSession *session, const char *tool, const char *url,
                           const PrcRouteOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_route_all: (transfer full) (nullable) (element-type PrcRouteAnswer): for every tool whose
 * rules are known, in the catalogue's order; the start-up files are read once. */
GPtrArray *prc_route_all (PrcSession *session, const char *url, const PrcRouteOptions *options,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_route_differences: (transfer full) (nullable): a sentence that says which of the installed
 * tools go which way; NULL when all that is decided goes the same way. */
char *prc_route_differences (const GPtrArray *answers);
