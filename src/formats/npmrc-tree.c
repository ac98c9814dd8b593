#include "formats/npmrc-tree.h"

#include <string.h>

typedef struct {
    PrcNpmNodeKind kind;
    guint line;
    GHashTable *children; /* (nullable): name -> Node, of an object */
} Node;

struct _PrcNpmTree {
    GPtrArray *nodes; /* all of them: one can hang in two places, and as deep as a name has dots */
    GPtrArray *names; /* of the root's children, in the order in which they came */
    Node *root, *current;
};

static void
node_free (Node *node)
{
    if (node->children != NULL)
        g_hash_table_unref (node->children);
    g_free (node);
}

static Node *
node_new (PrcNpmTree *tree, PrcNpmNodeKind kind, guint line)
{
    Node *node = g_new0 (Node, 1);

    node->kind = kind;
    node->line = line;
    g_ptr_array_add (tree->nodes, node);
    return node;
}

static Node *
child_of (const Node *node, const char *name)
{
    return node->children != NULL ? g_hash_table_lookup (node->children, name) : NULL;
}

static void
set_child (PrcNpmTree *tree, Node *node, const char *name, Node *child)
{
    if (node->children == NULL)
        node->children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    if (node == tree->root && !g_hash_table_contains (node->children, name))
        g_ptr_array_add (tree->names, g_strdup (name));
    g_hash_table_insert (node->children, g_strdup (name), child);
}

PrcNpmTree *
prc_npm_tree_new (void)
{
    PrcNpmTree *tree = g_new0 (PrcNpmTree, 1);

    tree->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
    tree->names = g_ptr_array_new_with_free_func (g_free);
    tree->root = tree->current = node_new (tree, PRC_NPM_NODE_OBJECT, 0);
    return tree;
}

void
prc_npm_tree_free (PrcNpmTree *tree)
{
    if (tree == NULL)
        return;
    g_ptr_array_unref (tree->nodes);
    g_ptr_array_unref (tree->names);
    g_free (tree);
}

void
prc_npm_tree_section (PrcNpmTree *tree, const char *name, guint line)
{
    Node *node = child_of (tree->root, name);

    if (strcmp (name, "__proto__") == 0) {
        tree->current = node_new (tree, PRC_NPM_NODE_OBJECT, line);
        return;
    }
    if (node == NULL || node->kind == PRC_NPM_NODE_FALSE || node->kind == PRC_NPM_NODE_NULL) {
        node = node_new (tree, PRC_NPM_NODE_OBJECT, line);
        set_child (tree, tree->root, name, node);
    }
    tree->current = node;
}

gboolean
prc_npm_tree_set (PrcNpmTree *tree, const char *key, gboolean marked, PrcNpmNodeKind kind,
                  guint line)
{
    Node *node = NULL;

    /* A property of a text comes to nothing. */
    if (tree->current->kind != PRC_NPM_NODE_OBJECT)
        return FALSE;
    node = child_of (tree->current, key);
    if (node == NULL || node->kind != PRC_NPM_NODE_ARRAY) {
        node = node_new (tree, marked ? PRC_NPM_NODE_ARRAY : kind, line);
        set_child (tree, tree->current, key, node);
    }
    return node->kind == PRC_NPM_NODE_ARRAY;
}

/* The first dot that no backslash stands before, or the end. */
static const char *
part_end (const char *start, const char *part)
{
    for (const char *dot = strchr (part, '.'); dot != NULL; dot = strchr (dot + 1, '.'))
        if (dot == start || dot[-1] != '\\')
            return dot;
    return part + strlen (part);
}

/* "\." -> "." */
static char *
unescape_dots (const char *part)
{
    GString *out = g_string_new (NULL);

    for (; *part != '\0'; part++)
        if (part[0] != '\\' || part[1] != '.')
            g_string_append_c (out, *part);
    return g_string_free (out, FALSE);
}

/* One step down; null counts as an object here, and the next step fails on it. */
static Node *
step (PrcNpmTree *tree, Node *node, const char *name, guint line)
{
    Node *child = NULL;

    if (node->kind == PRC_NPM_NODE_NULL)
        return NULL;
    if (strcmp (name, "__proto__") == 0)
        return node;
    child = child_of (node, name);
    if (child == NULL || child->kind < PRC_NPM_NODE_NULL) {
        child = node_new (tree, PRC_NPM_NODE_OBJECT, line);
        set_child (tree, node, name, child);
    }
    return child;
}

/* Returns: %FALSE when npm fails. */
static gboolean
move (PrcNpmTree *tree, const char *name, Node *moved, gboolean *ret_moved)
{
    const char *part = name;
    Node *at = tree->root;
    g_autofree char *last = NULL;

    for (const char *end = part_end (name, part); *end != '\0'; end = part_end (name, part)) {
        g_autofree char *step_name = g_strndup (part, (gsize) (end - part));

        at = step (tree, at, step_name, moved->line);
        if (at == NULL)
            return FALSE;
        part = end + 1;
    }
    last = unescape_dots (part);
    *ret_moved = at != tree->root || strcmp (last, part) != 0;
    if (!*ret_moved)
        return TRUE;
    if (at->kind == PRC_NPM_NODE_NULL)
        return FALSE;
    set_child (tree, at, last, moved);
    return TRUE;
}

guint
prc_npm_tree_finish (PrcNpmTree *tree)
{
    g_autoptr (GPtrArray) gone = g_ptr_array_new ();
    guint n_names = tree->names->len;

    for (guint i = 0; i < n_names; i++) {
        const char *name = g_ptr_array_index (tree->names, i);
        Node *node = child_of (tree->root, name);
        gboolean moved = FALSE;

        if (node->kind != PRC_NPM_NODE_OBJECT && node->kind != PRC_NPM_NODE_NULL)
            continue;
        if (!move (tree, name, node, &moved))
            return node->line;
        if (moved)
            g_ptr_array_add (gone, (gpointer) name);
    }
    for (guint i = 0; i < gone->len; i++)
        g_hash_table_remove (tree->root->children, g_ptr_array_index (gone, i));
    return 0;
}

gboolean
prc_npm_tree_holds (const PrcNpmTree *tree, const char *key)
{
    const Node *node = child_of (tree->root, key);

    return node != NULL && node->kind != PRC_NPM_NODE_OBJECT;
}
