/* git-config.h - all that git reads of its configuration in one folder, in its order: files,
 * includes, environment */
#pragma once
#include "routing/route-internal.h"

/** PrcGitEntry: one setting. */
typedef struct {
    char *key;      /* as prc_format gitconfig has it */
    char *value;    /* (nullable): wiped; NULL: a key without a value */
    char *file;     /* (nullable): NULL: from @variable */
    char *variable; /* (nullable): GIT_CONFIG_VALUE_0 …, GIT_CONFIG_PARAMETERS */
    guint line;
    char *doubt; /* (nullable): an include on a condition that can't be evaluated here */
} PrcGitEntry;

/**
 * prc_git_config_read:
 * @ret_failure: (out) (transfer full) (nullable): why every git command fails
 * @ret_variable: (out) (transfer full) (nullable): the variable that it fails on
 *
 * Returns: (transfer full) (element-type PrcGitEntry): a later one wins
 */
GPtrArray *prc_git_config_read (const PrcRouteQuery *query, char **ret_failure,
                                char **ret_variable);

/** prc_git_entry_where: (transfer full): FILE:LINE, or the variable. */
char *prc_git_entry_where (const PrcGitEntry *entry);

/** prc_git_find_repository: (transfer full) (nullable): the git directory of the repository that
 * @dir is in. */
char *prc_git_find_repository (const char *dir);

/**
 * prc_git_condition: what stands between `includeif.` and `.path`.
 * @git_dir: (nullable): no repository
 * @file: (nullable): the including file; NULL: a variable
 *
 * Returns: 1 or 0; -1: it depends on more than is looked at here
 */
int prc_git_condition (const char *condition, const char *git_dir, const char *home,
                       const char *file);
