/* login.h - the environment of a new login shell, from the start-up files as they stand
 *
 * Nothing is run. What PAM sets comes first, then the files that the user's shell reads as a login
 * shell, in its order; each setting, unset and export acts in turn, also those of files that are
 * sourced. What a file computes, or does only on a condition, leaves its variable in doubt, with
 * the reason. */
#pragma once
#include "catalogue/discover.h"
#include "routing/variables.h"

typedef struct {
    const PrcTool *env;    /* the catalogue's `env` */
    const PrcPlace *place; /* whose home; its own environment only says where programs are */
    gboolean interactive;  /* a shell that somebody types into, not one that runs a command */
    const char *user;      /* (nullable): the login name, if known */
    const PrcVariables *evaluated; /* (nullable): what `proxyrc env` prints now, without secrets; a
                                      NULL value takes the variable away */
} PrcLogin;

/** prc_login_variables: (transfer full): what programs started from that shell get. */
PrcVariables *prc_login_variables (const PrcLogin *login);

/** prc_login_place: @place with the variables that are known, and the caller's PATH, as its
 * environment; to be cleared. */
PrcPlace prc_login_place (const PrcPlace *place, const PrcVariables *variables);
