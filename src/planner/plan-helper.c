/* plan-helper.c - a tool that asks this program for the password of the proxy
 *
 * The tool asks all helpers that it knows, and tells each of them what it was given; so ours stands
 * behind an empty value, which takes the others away for this proxy, and behind all of them. */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/reference.h"

/* A helper that begins with '!' is a command, whatever its path looks like. */
#define COMMAND_MARK '!'

static gboolean
is_ours (const PrcToolPlan *work, const PrcEntry *entry)
{
    return entry->kind == PRC_ENTRY_SET && entry->value != NULL && *entry->value == COMMAND_MARK &&
           prc_reference_plays (work->tool, entry->key) &&
           prc_reference_is_ours (work->tool, entry->value + 1);
}

/* Some helper's setting, for whatever it is asked. */
static gboolean
names_helper (const PrcToolPlan *work, const char *key)
{
    const char *wanted = work->tool->reference_key;
    gsize section = strcspn (wanted, ".") + 1;

    return strncmp (key, wanted, section) == 0 && g_str_has_suffix (key, strrchr (wanted, '.'));
}

typedef struct {
    const PrcToolPlan *work;
    GHashTable *keys; /* those of which an entry is ours */
} Removal;

static gboolean
goes (const PrcEntry *entry, gpointer data)
{
    const Removal *removal = data;

    return entry->kind == PRC_ENTRY_SET && g_hash_table_contains (removal->keys, entry->key) &&
           (g_strcmp0 (entry->value, "") == 0 || is_ours (removal->work, entry));
}

/* @kept: (element-type utf8): keys that stay as they are */
static gboolean
remove_ours (PrcToolPlan *work, PrcFileEdit *edit, const GPtrArray *kept, GError **error)
{
    const GPtrArray *entries = prc_document_entries (edit->doc);
    g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    Removal removal = { work, keys };

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (is_ours (work, entry) &&
            !g_ptr_array_find_with_equal_func ((GPtrArray *) kept, entry->key, g_str_equal, NULL))
            (void) g_hash_table_add (keys, g_strdup (entry->key));
    }
    return g_hash_table_size (keys) == 0 || prc_tool_plan_remove (edit, goes, &removal, error);
}

/* The keys for the profile's proxies, each once. (transfer full) */
static GPtrArray *
list_keys (const PrcToolPlan *work)
{
    static const PrcRole roles[] = { PRC_ROLE_HTTP, PRC_ROLE_HTTPS, PRC_ROLE_ALL };
    GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
        g_autoptr (PrcProxyUrl) url = prc_wanted_proxy (work->credential, roles[i]);
        g_autofree char *proxy = url != NULL ? prc_proxy_url_format_bare (url) : NULL;
        g_autofree char *key = proxy != NULL ? prc_reference_key (work->tool, proxy) : NULL;

        if (key != NULL && !g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL))
            g_ptr_array_add (keys, g_steal_pointer (&key));
    }
    return keys;
}

/* The empty value and ours, one behind the other, and then no helper but those of @keys. */
static gboolean
stands (const PrcToolPlan *work, const PrcDocument *doc, const char *key, const char *value,
        const GPtrArray *keys)
{
    const GPtrArray *entries = prc_document_entries (doc);
    gboolean is_reset = FALSE, is_set = FALSE;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0) {
            is_set = is_reset && g_strcmp0 (entry->value, value) == 0;
            is_reset = g_strcmp0 (entry->value, "") == 0;
        } else if (names_helper (work, entry->key) &&
                   !g_ptr_array_find_with_equal_func ((GPtrArray *) keys, entry->key, g_str_equal,
                                                      NULL)) {
            is_reset = is_set = FALSE;
        }
    }
    return is_set;
}

/* Helpers that are named in a file further down would be told the password too. */
static const PrcFoundFile *
find_last_file (const PrcToolPlan *work, const PrcFoundFile *target)
{
    gboolean behind = FALSE;

    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);
        const GPtrArray *entries = file->doc != NULL ? prc_document_entries (file->doc) : NULL;

        behind = behind || file == target;
        if (!behind || file->is_include || file->scope != PRC_SCOPE_USER ||
            !prc_tool_plan_covers (work, file))
            continue;
        for (guint j = 0; entries != NULL && j < entries->len; j++) {
            const PrcEntry *entry = g_ptr_array_index (entries, j);

            if (names_helper (work, entry->key))
                target = file;
        }
    }
    return target;
}

static gboolean
bring (PrcToolPlan *work, const PrcFoundFile *file, const GPtrArray *keys, GError **error)
{
    PrcFileEdit *edit = prc_tool_plan_edit (work, file);
    g_autofree char *command = prc_reference_command (work->tool, work->options->program, NULL);
    g_autofree char *value = g_strdup_printf ("%c%s", COMMAND_MARK, command);
    g_autoptr (GPtrArray) none = g_ptr_array_new ();
    gboolean good = TRUE;

    for (guint i = 0; i < keys->len; i++)
        good = good && stands (work, edit->doc, g_ptr_array_index (keys, i), value, keys);
    if (good)
        return remove_ours (work, edit, keys, error);
    if (!remove_ours (work, edit, none, error))
        return FALSE;
    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index (keys, i);

        if (!prc_tool_plan_add (work, edit, key, "", error) ||
            !prc_tool_plan_add (work, edit, key, value, error))
            return FALSE;
        if (!stands (work, edit->doc, key, value, keys))
            prc_tool_plan_note (
                work, PRC_NOTE_LEFT, file, 0,
                _ ("another helper is named behind %s: %s asks it too, and tells it "
                   "the password; move it to the beginning of the file"),
                key, work->tool->name);
    }
    return TRUE;
}

gboolean
prc_tool_plan_bring_helper (PrcToolPlan *work, const PrcFoundFile *target, GError **error)
{
    g_autoptr (GPtrArray) keys = target != NULL ? list_keys (work) : NULL;
    g_autoptr (GPtrArray) none = g_ptr_array_new ();
    const PrcFoundFile *chosen = target != NULL ? find_last_file (work, target) : NULL;

    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);

        if (file != chosen && file->doc != NULL && prc_tool_plan_covers (work, file) &&
            !remove_ours (work, prc_tool_plan_edit (work, file), none, error))
            return FALSE;
    }
    return chosen == NULL || bring (work, chosen, keys, error);
}
