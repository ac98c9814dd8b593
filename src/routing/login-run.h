/* login-run.h - the variables of a shell, and what the entries of start-up files do to them
 *
 * Private to login.c. */
#pragma once
#include "routing/login.h"

typedef enum { PRC_LOGIN_NO, PRC_LOGIN_MAYBE, PRC_LOGIN_YES } PrcLoginMaybe;

/** PrcLoginState: what a shell knows of one variable. */
typedef struct {
    char *value; /* (nullable): when @known: not set; wiped */
    gboolean known;
    PrcLoginMaybe exported;
    char *why; /* (nullable): it isn't known, or whether it is exported */
    char *file;
    guint line;
} PrcLoginState;

typedef struct {
    const PrcLogin *login;
    GHashTable *states; /* name -> PrcLoginState */
    GPtrArray *names;   /* in the order in which they came up; owned by @states */
    const PrcDocument *doc;
    gboolean sourced; /* in this document another one was read */
    guint depth;
    const PrcFound *found; /* where functions may be called */
    char *doubt;           /* (nullable): why nothing is known */
} PrcLoginShell;

void prc_login_shell_init (PrcLoginShell *shell, const PrcLogin *login, const PrcFound *found);
void prc_login_shell_clear (PrcLoginShell *shell);

/** prc_login_state: (transfer none): of @name; not set, unless something has set it. */
PrcLoginState *prc_login_state (PrcLoginShell *shell, const char *name);
void prc_login_state_set (PrcLoginState *state, const char *value, const char *why);

/** prc_login_lookup: a #PrcLoginLookup of a #PrcLoginShell. */
const char *prc_login_lookup (gpointer shell, const char *name, gboolean *ret_unset);

/** prc_login_run: the readings [@start, @end) of @found, of a new file; @conditional: whether they
 * happen is not sure. */
void prc_login_run (PrcLoginShell *shell, const PrcFound *found, guint start, guint end,
                    gboolean conditional);
