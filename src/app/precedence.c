#include "app/precedence.h"

#include <string.h>

struct _PrcPrecedence {
    const PrcFound *found;
    GHashTable *last; /* slot -> PrcReading: the last that sets or unsets it for sure */
    GHashTable *best; /* PrcEntry -> PrcReading; only of files that are read more than once */
};

/* Shells read different files; a setting of one does not beat that of another. */
static const char *
group_of (const PrcReading *reading)
{
    const char *shell = reading->row->shell;

    if (shell == NULL)
        return reading->row->format->name;
    return strcmp (shell, "bash") == 0 ? "sh" : strcmp (shell, "tcsh") == 0 ? "csh" : shell;
}

/* curl's socks5 and proxy are one setting by several names: those whose key implies a scheme. */
static gboolean
has_other_names (const PrcTool *tool, PrcRole role)
{
    for (guint i = 0; i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);

        if (row->role == role && row->scheme != NULL)
            return TRUE;
    }
    return FALSE;
}

static char *
slot_of (const PrcFound *found, const PrcReading *reading)
{
    const char *key = prc_reading_entry (reading)->key;
    const PrcToolKey *row = prc_tool_find_key (found->tool, key);

    if (row == NULL)
        return NULL;
    if (has_other_names (found->tool, row->role))
        key = prc_role_name (row->role);
    return reading->row->shell != NULL ? g_strconcat (group_of (reading), "\n", key, NULL)
                                       : g_strdup (key);
}

static gboolean
decides (const PrcReading *reading)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    return (entry->kind == PRC_ENTRY_SET || entry->kind == PRC_ENTRY_UNSET) &&
           (entry->flags &
            (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE | PRC_ENTRY_LIST)) == 0 &&
           reading->file->is_read && !reading->is_conditional && !reading->is_unread;
}

static int
weight (const PrcPrecedence *precedence, const PrcReading *reading)
{
    if (reading->is_unread || !reading->file->is_read)
        return 0;
    if (prc_precedence_winner (precedence, reading) != NULL)
        return 1;
    return reading->is_conditional ? 2 : 3;
}

static void
find_best (PrcPrecedence *precedence)
{
    const GArray *readings = precedence->found->readings;

    for (guint i = 0; i < readings->len; i++) {
        const PrcReading *reading = &g_array_index (readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcReading *known = g_hash_table_lookup (precedence->best, entry);

        if (prc_tool_find_key (precedence->found->tool, entry->key) != NULL &&
            (known == NULL || weight (precedence, reading) >= weight (precedence, known)))
            g_hash_table_insert (precedence->best, (gpointer) entry, (gpointer) reading);
    }
}

PrcPrecedence *
prc_precedence_new (const PrcFound *found)
{
    PrcPrecedence *precedence = g_new0 (PrcPrecedence, 1);
    gboolean any_again = FALSE;

    precedence->found = found;
    precedence->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    precedence->best = g_hash_table_new (NULL, NULL);
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        char *slot = decides (reading) ? slot_of (found, reading) : NULL;

        any_again = any_again || reading->is_again;
        if (slot != NULL)
            g_hash_table_replace (precedence->last, slot, (gpointer) reading);
    }
    if (any_again)
        find_best (precedence);
    return precedence;
}

void
prc_precedence_free (PrcPrecedence *precedence)
{
    if (precedence == NULL)
        return;
    g_hash_table_unref (precedence->last);
    g_hash_table_unref (precedence->best);
    g_free (precedence);
}

const PrcReading *
prc_precedence_winner (const PrcPrecedence *precedence, const PrcReading *reading)
{
    g_autofree char *slot = slot_of (precedence->found, reading);
    const PrcReading *last = slot != NULL ? g_hash_table_lookup (precedence->last, slot) : NULL;

    return last > reading ? last : NULL; /* both are of one array, in reading order */
}

const PrcReading *
prc_precedence_best (const PrcPrecedence *precedence, const PrcReading *reading)
{
    const PrcReading *best = g_hash_table_lookup (precedence->best, prc_reading_entry (reading));

    return best != NULL ? best : reading;
}
