/* variables.h - the environment that a tool is started with, and where each variable comes from */
#pragma once
#include <glib.h>

/** PrcVariable: one that is set, or that may be. */
typedef struct {
    char *name;
    char *value; /* (nullable): NULL when @doubt says why it can't be known; wiped */
    char *doubt; /* (nullable) */
    char *file;  /* (nullable): the start-up file that sets it; NULL: it was there already */
    guint line;
} PrcVariable;

typedef struct {
    GPtrArray *list;     /* of PrcVariable, one of each name */
    gboolean is_ordered; /* in the order of the environment itself: npm asks for the last one */
    char *doubt;         /* (nullable): why nothing is known of what is not listed, either */
    GPtrArray
        *unread; /* of PrcVariable: set in files that are not read; @doubt says who reads them */
} PrcVariables;

PrcVariables *prc_variables_new (void);
void prc_variables_free (PrcVariables *variables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcVariables, prc_variables_free)

/** prc_variables_from_environ: (transfer full): @env as of environ, in its order. */
PrcVariables *prc_variables_from_environ (char **env);

/** prc_variables_find: (nullable) (transfer none): NULL: surely not set, unless @variables->doubt.
 */
const PrcVariable *prc_variables_find (const PrcVariables *variables, const char *name);

/** prc_variables_add: (transfer none): a new one, to be filled in. */
PrcVariable *prc_variables_add (PrcVariables *variables, const char *name);

/** prc_variables_add_unread: (transfer none): likewise, to @unread. */
PrcVariable *prc_variables_add_unread (PrcVariables *variables, const char *name);

/** prc_variables_environ: (transfer full): NAME=VALUE of those that are known, as for a #PrcPlace.
 */
char **prc_variables_environ (const PrcVariables *variables);
