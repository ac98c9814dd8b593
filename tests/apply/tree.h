/* tree.h - a small home directory for the tests of apply/, and what it looks like afterwards */
#pragma once
#include <glib.h>

#include "apply/transaction.h"

/** Tree: a directory of its own with "home/" in it; "state/" is made by the transactions. */
typedef struct {
    char *dir, *home;
    PrcStateDir *state;
    GPtrArray *changes; /* (nullable) (element-type PrcChange): for the test's own use */
} Tree;
/** tree_new: below @base, or where temporary files are when NULL. */
Tree *tree_new (const char *base);
void tree_free (Tree *tree);

/** tree_path: "home/@name" in full. (transfer full) */
char *tree_path (const Tree *tree, const char *name);
/** tree_put: writes home/@name, making directories; fails the test on errors. */
void tree_put (const Tree *tree, const char *name, const char *content, int mode);
/** tree_get: its content, NULL when absent. (transfer full) */
char *tree_get (const Tree *tree, const char *name);
/** tree_mode: permission bits. */
int tree_mode (const Tree *tree, const char *name);
/** tree_list: everything below home and state: type, mode, name, content or target, one per line,
 * sorted; without the lock and the history. Symlinks are not followed. (transfer full) */
char *tree_list (const Tree *tree);

/** change: from what the file holds now (NULL: absent) to @new_text (NULL: removed). */
PrcChange *tree_change (const Tree *tree, const char *name, const char *new_text);
GPtrArray *tree_changes (void);

/** tree_commit: fails the test on an error. (transfer full): the id */
char *tree_commit (Tree *tree, const GPtrArray *changes);
/** tree_commit_one: takes @change. */
char *tree_commit_one (Tree *tree, PrcChange *change);
