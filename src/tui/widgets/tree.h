/* tree.h - nodes in and below each other, as the list of those that can be seen */
#pragma once
#include <glib.h>

typedef struct _PrcTree PrcTree;
/** PrcTreeMemory: what was open in a tree that is made anew, and which row was selected. */
typedef struct _PrcTreeMemory PrcTreeMemory;

PrcTree *prc_tree_new (void);
void prc_tree_free (PrcTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTree, prc_tree_free)
/** prc_tree_add: in the order in which they stand, parents before their children. @depth: 0 at the
 * root. */
void prc_tree_add (PrcTree *tree, guint depth, gpointer data, gboolean is_open);

/** prc_tree_remember: @tree: (nullable); @name: what a node is called among those beside it, and
 * will be in the next tree; (transfer full). (transfer full) */
PrcTreeMemory *prc_tree_remember (const PrcTree *tree, guint row,
                                  char *(*name) (gconstpointer data));
void prc_tree_memory_free (PrcTreeMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTreeMemory, prc_tree_memory_free)
/** prc_tree_recall: what was open is open again, what was closed is closed; others stay. */
void prc_tree_recall (PrcTree *tree, const PrcTreeMemory *memory);
/** prc_tree_recall_row: where the node stands that was selected, or what it was in; else the row
 * with the same number. */
guint prc_tree_recall_row (const PrcTree *tree, const PrcTreeMemory *memory);

/** prc_tree_rows: how many can be seen. */
guint prc_tree_rows (const PrcTree *tree);
gpointer prc_tree_data (const PrcTree *tree, guint row);
guint prc_tree_depth (const PrcTree *tree, guint row);
gboolean prc_tree_is_open (const PrcTree *tree, guint row);
gboolean prc_tree_has_children (const PrcTree *tree, guint row);
/** prc_tree_set_open: only the node at @row. */
void prc_tree_set_open (PrcTree *tree, guint row, gboolean is_open);
void prc_tree_set_all_open (PrcTree *tree, gboolean is_open);
/** prc_tree_toggle: opens the node at @row or closes it, if anything is in it. */
void prc_tree_toggle (PrcTree *tree, guint row);
/** prc_tree_fold: closes the node that the one at @row is in (or itself). Returns the row where
 * that stands. */
guint prc_tree_fold (PrcTree *tree, guint row);
/** prc_tree_fold_all: opens all, or closes them if all are open. Returns the row of the node that
 * was at @row, or of the outermost one that it is in now. */
guint prc_tree_fold_all (PrcTree *tree, guint row);
/** prc_tree_parent: its row; @row itself at the root. */
guint prc_tree_parent (const PrcTree *tree, guint row);
/** prc_tree_find: the row of the node with @data, opening what it is in; FALSE: no such node. */
gboolean prc_tree_find (PrcTree *tree, gconstpointer data, guint *ret_row);
/** prc_tree_match: @wanted says so of the node at @row; or, if it is closed, of one that is in it.
 */
gboolean prc_tree_match (const PrcTree *tree, guint row,
                         gboolean (*wanted) (gconstpointer data, gconstpointer needle),
                         gconstpointer needle);
/**
 * prc_tree_filter: only the nodes for which @wanted is TRUE, and those that they are in, as if
 * these were open.
 * @wanted NULL: all again.
 */
void prc_tree_filter (PrcTree *tree, gboolean (*wanted) (gconstpointer data, gconstpointer needle),
                      gconstpointer needle);
