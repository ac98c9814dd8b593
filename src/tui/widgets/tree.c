#include "tui/widgets/tree.h"

#include <string.h>

typedef struct {
    guint depth;
    gpointer data;
    gboolean is_open;
    gboolean is_wanted; /* by the filter: itself, or for what is in it */
} Node;

struct _PrcTree {
    GArray *nodes;   /* of Node, parents first */
    GArray *visible; /* of guint: indices of nodes */
    gboolean is_filtered;
    gboolean is_stale;
};

PrcTree *
prc_tree_new (void)
{
    PrcTree *tree = g_new0 (PrcTree, 1);

    tree->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
    tree->visible = g_array_new (FALSE, FALSE, sizeof (guint));
    return tree;
}

void
prc_tree_free (PrcTree *tree)
{
    if (tree == NULL)
        return;
    g_array_unref (tree->nodes);
    g_array_unref (tree->visible);
    g_free (tree);
}

static Node *
node_at (const PrcTree *tree, guint index)
{
    return &g_array_index (tree->nodes, Node, index);
}

static void
find_visible (PrcTree *tree)
{
    guint hidden_below = G_MAXUINT; /* nodes deeper than this are inside a closed one */

    g_array_set_size (tree->visible, 0);
    for (guint i = 0; i < tree->nodes->len; i++) {
        const Node *node = node_at (tree, i);

        if (tree->is_filtered) {
            if (node->is_wanted)
                g_array_append_val (tree->visible, i);
            continue;
        }
        if (node->depth > hidden_below)
            continue;
        hidden_below = node->is_open ? G_MAXUINT : node->depth;
        g_array_append_val (tree->visible, i);
    }
    tree->is_stale = FALSE;
}

/* Building thousands of nodes looks for what is visible once, at the first question. */
static const GArray *
visible_nodes (const PrcTree *tree)
{
    if (tree->is_stale)
        find_visible ((PrcTree *) tree);
    return tree->visible;
}

static Node *
node_of_row (const PrcTree *tree, guint row)
{
    return node_at (tree, g_array_index (visible_nodes (tree), guint, row));
}

void
prc_tree_add (PrcTree *tree, guint depth, gpointer data, gboolean is_open)
{
    Node node = { depth, data, is_open, TRUE };

    g_array_append_val (tree->nodes, node);
    tree->is_stale = TRUE;
}

guint
prc_tree_rows (const PrcTree *tree)
{
    return visible_nodes (tree)->len;
}

gpointer
prc_tree_data (const PrcTree *tree, guint row)
{
    return row < prc_tree_rows (tree) ? node_of_row (tree, row)->data : NULL;
}

guint
prc_tree_depth (const PrcTree *tree, guint row)
{
    return node_of_row (tree, row)->depth;
}

gboolean
prc_tree_is_open (const PrcTree *tree, guint row)
{
    return tree->is_filtered || node_of_row (tree, row)->is_open;
}

static gboolean
has_children (const PrcTree *tree, guint index)
{
    return index + 1 < tree->nodes->len &&
           node_at (tree, index + 1)->depth > node_at (tree, index)->depth;
}

gboolean
prc_tree_has_children (const PrcTree *tree, guint row)
{
    return has_children (tree, g_array_index (visible_nodes (tree), guint, row));
}

void
prc_tree_set_open (PrcTree *tree, guint row, gboolean is_open)
{
    if (row >= prc_tree_rows (tree))
        return;
    node_of_row (tree, row)->is_open = is_open;
    tree->is_stale = TRUE;
}

void
prc_tree_set_all_open (PrcTree *tree, gboolean is_open)
{
    for (guint i = 0; i < tree->nodes->len; i++)
        node_at (tree, i)->is_open = is_open;
    tree->is_stale = TRUE;
}

guint
prc_tree_parent (const PrcTree *tree, guint row)
{
    guint depth = prc_tree_depth (tree, row);

    for (guint i = row; i-- > 0;)
        if (prc_tree_depth (tree, i) < depth)
            return i;
    return row;
}

/* What is kept of a tree while the next one is made */

struct _PrcTreeMemory {
    char *(*name) (gconstpointer data);
    GHashTable *open; /* the way to a node that has children → whether it is open */
    char *selected;   /* (nullable): the way to it */
    guint row;
};

/* The names of all that the node is in, and its own. */
static char *
way_to (const PrcTree *tree, guint index, char *(*name) (gconstpointer data))
{
    const Node *node = node_at (tree, index);
    g_autofree char *own = name (node->data);

    for (guint i = index; i-- > 0;)
        if (node_at (tree, i)->depth < node->depth) {
            g_autofree char *before = way_to (tree, i, name);

            return g_strconcat (before, "\n", own, NULL);
        }
    return g_steal_pointer (&own);
}

PrcTreeMemory *
prc_tree_remember (const PrcTree *tree, guint row, char *(*name) (gconstpointer data))
{
    PrcTreeMemory *memory = g_new0 (PrcTreeMemory, 1);

    memory->name = name;
    memory->row = row;
    memory->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; tree != NULL && i < tree->nodes->len; i++)
        if (has_children (tree, i))
            (void) g_hash_table_insert (memory->open, way_to (tree, i, name),
                                        GINT_TO_POINTER (node_at (tree, i)->is_open));
    if (tree != NULL && row < prc_tree_rows (tree))
        memory->selected = way_to (tree, g_array_index (visible_nodes (tree), guint, row), name);
    return memory;
}

void
prc_tree_memory_free (PrcTreeMemory *memory)
{
    if (memory == NULL)
        return;
    g_hash_table_unref (memory->open);
    g_free (memory->selected);
    g_free (memory);
}

void
prc_tree_recall (PrcTree *tree, const PrcTreeMemory *memory)
{
    for (guint i = 0; i < tree->nodes->len; i++) {
        g_autofree char *way = has_children (tree, i) ? way_to (tree, i, memory->name) : NULL;
        gpointer is_open = NULL;

        if (way != NULL && g_hash_table_lookup_extended (memory->open, way, NULL, &is_open))
            node_at (tree, i)->is_open = GPOINTER_TO_INT (is_open);
    }
    tree->is_stale = TRUE;
}

/* Whether a node can be the selected one, or what that is in: quickly said of most. */
static gboolean
may_be_on_way (const PrcTree *tree, guint index, const PrcTreeMemory *memory)
{
    g_autofree char *own = NULL;

    if (memory->selected == NULL)
        return FALSE;
    if (has_children (tree, index))
        return TRUE;
    own = memory->name (node_at (tree, index)->data);
    return g_str_has_suffix (memory->selected, own);
}

guint
prc_tree_recall_row (const PrcTree *tree, const PrcTreeMemory *memory)
{
    guint best = memory->row, distance = G_MAXUINT;
    gsize length = 0;

    for (guint row = 0; row < prc_tree_rows (tree); row++) {
        guint index = g_array_index (visible_nodes (tree), guint, row);
        guint off = row > memory->row ? row - memory->row : memory->row - row;
        g_autofree char *way =
            may_be_on_way (tree, index, memory) ? way_to (tree, index, memory->name) : NULL;
        gsize n = way != NULL ? strlen (way) : 0;

        if (way == NULL || !g_str_has_prefix (memory->selected, way) ||
            (memory->selected[n] != '\0' && memory->selected[n] != '\n'))
            continue;
        if (n > length || (n == length && off < distance)) { /* of the same ones the nearest */
            best = row;
            length = n;
            distance = off;
        }
    }
    return best;
}

void
prc_tree_toggle (PrcTree *tree, guint row)
{
    if (row < prc_tree_rows (tree) && prc_tree_has_children (tree, row))
        prc_tree_set_open (tree, row, !prc_tree_is_open (tree, row));
}

guint
prc_tree_fold (PrcTree *tree, guint row)
{
    if (row >= prc_tree_rows (tree))
        return row;
    if (!prc_tree_has_children (tree, row) || !prc_tree_is_open (tree, row))
        row = prc_tree_parent (tree, row);
    prc_tree_set_open (tree, row, FALSE);
    return row;
}

static guint
row_of_node (const PrcTree *tree, const Node *node)
{
    for (guint row = 0; row < prc_tree_rows (tree); row++)
        if (node_of_row (tree, row) == node)
            return row;
    return 0;
}

guint
prc_tree_fold_all (PrcTree *tree, guint row)
{
    gboolean any_closed = FALSE;
    const Node *node = NULL;

    if (row >= prc_tree_rows (tree))
        return row;
    for (guint i = 0; i < prc_tree_rows (tree); i++)
        any_closed |= prc_tree_has_children (tree, i) && !prc_tree_is_open (tree, i);
    while (!any_closed && prc_tree_depth (tree, row) > 0)
        row = prc_tree_parent (tree, row);
    node = node_of_row (tree, row);
    prc_tree_set_all_open (tree, any_closed);
    return row_of_node (tree, node);
}

gboolean
prc_tree_find (PrcTree *tree, gconstpointer data, guint *ret_row)
{
    guint index = 0, depth = 0;

    while (index < tree->nodes->len && node_at (tree, index)->data != data)
        index++;
    if (index == tree->nodes->len)
        return FALSE;
    depth = node_at (tree, index)->depth;
    for (guint i = index; i-- > 0 && depth > 0;)
        if (node_at (tree, i)->depth < depth) {
            depth = node_at (tree, i)->depth;
            node_at (tree, i)->is_open = TRUE;
        }
    tree->is_stale = TRUE;
    for (guint row = 0; row < prc_tree_rows (tree); row++)
        if (node_of_row (tree, row) == node_at (tree, index)) {
            *ret_row = row;
            return TRUE;
        }
    return FALSE; /* the filter hides it */
}

gboolean
prc_tree_match (const PrcTree *tree, guint row,
                gboolean (*wanted) (gconstpointer data, gconstpointer needle), gconstpointer needle)
{
    guint index = g_array_index (visible_nodes (tree), guint, row);
    guint depth = node_at (tree, index)->depth;

    if (wanted (node_at (tree, index)->data, needle))
        return TRUE;
    for (guint i = index + 1;
         !prc_tree_is_open (tree, row) && i < tree->nodes->len && node_at (tree, i)->depth > depth;
         i++)
        if (wanted (node_at (tree, i)->data, needle))
            return TRUE;
    return FALSE;
}

void
prc_tree_filter (PrcTree *tree, gboolean (*wanted) (gconstpointer data, gconstpointer needle),
                 gconstpointer needle)
{
    guint keep_above = 0; /* from the end: nodes less deep than this hold one that is wanted */

    tree->is_filtered = wanted != NULL;
    tree->is_stale = TRUE;
    for (guint i = tree->nodes->len; i-- > 0 && wanted != NULL;) {
        Node *node = node_at (tree, i);

        node->is_wanted = node->depth < keep_above || wanted (node->data, needle);
        if (node->is_wanted)
            keep_above = node->depth;
    }
}
