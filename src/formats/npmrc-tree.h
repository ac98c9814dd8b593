/* npmrc-tree.h - what becomes of the keys and sections of an npmrc in the end
 *
 * npm's ini reader keeps keys and sections in one JavaScript object, and when the file is read,
 * whatever there is an object or null, and has a dot in its name, moves to where the name points:
 * `[proxy.x]` or `proxy.x=null` make an object of `proxy`, whatever it was, and `a=null` with
 * `[a.b]` makes npm fail. This follows all that, of values only what kind they are. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_NPM_NODE_TEXT,  /* anything that is no object and counts as true */
    PRC_NPM_NODE_FALSE, /* false, 0, "": a section of that name takes its place */
    PRC_NPM_NODE_NULL,
    PRC_NPM_NODE_ARRAY,
    PRC_NPM_NODE_OBJECT,
} PrcNpmNodeKind;

typedef struct _PrcNpmTree PrcNpmTree;

PrcNpmTree *prc_npm_tree_new (void) G_GNUC_WARN_UNUSED_RESULT;
void prc_npm_tree_free (PrcNpmTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcNpmTree, prc_npm_tree_free)

/** prc_npm_tree_section: what is set from now on belongs to [@name]. */
void prc_npm_tree_section (PrcNpmTree *tree, const char *name, guint line);

/**
 * prc_npm_tree_set:
 * @marked: that the key was written with []
 *
 * Returns: whether the key holds an array now.
 */
gboolean prc_npm_tree_set (PrcNpmTree *tree, const char *key, gboolean marked, PrcNpmNodeKind kind,
                           guint line);

/**
 * prc_npm_tree_finish: moves what moves, once, after the last line.
 * Returns: 0, or the line of the key or section on which npm fails.
 */
guint prc_npm_tree_finish (PrcNpmTree *tree);

/** prc_npm_tree_holds: whether @key, above the sections, is there in the end and is no object. */
gboolean prc_npm_tree_holds (const PrcNpmTree *tree, const char *key);
