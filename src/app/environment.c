#include "app/environment.h"

#include <string.h>

#include "app/planning.h"
#include "app/profiles.h"
#include "base/error.h"

static const struct {
    const char *shell;
    const char *format;
    const char *unset; /* how a variable is taken away */
} shells[] = {
    { "sh", "sh", "unset %s\n" },      { "bash", "bash", "unset %s\n" },
    { "zsh", "zsh", "unset %s\n" },    { "fish", "fish", "set -e %s\n" },
    { "csh", "csh", "unsetenv %s\n" }, { "tcsh", "csh", "unsetenv %s\n" },
};

static PrcDocument *
set_variable (PrcDocument *doc, const PrcWanted *wanted, const PrcToolKey *row,
              const PrcUrlDialect *dialect, GString *unset, const char *unset_format,
              GError **error)
{
    g_autoptr (PrcWipedString) value = NULL;
    PrcWantedKind kind;

    if (!prc_wanted_value (wanted, row, dialect, FALSE, &kind, &value, error))
        return NULL;
    if (kind == PRC_WANTED_VALUE)
        return prc_document_set (doc, row->key, value, error);
    if (kind == PRC_WANTED_NOTHING) {
        g_auto (GStrv) parts = g_strsplit (unset_format, "%s", 2);

        g_string_append_printf (unset, "%s%s%s", parts[0], row->key, parts[1]);
    }
    return prc_document_ref (doc);
}

static GBytes *
print_variables (const PrcTool *tool, const PrcWanted *wanted, const PrcUrlDialect *dialect,
                 const char *format, const char *unset_format, GError **error)
{
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    g_autoptr (PrcDocument) doc = prc_document_parse (prc_format_by_name (format), empty, 0, error);
    g_autoptr (GString) unset = g_string_new (NULL);
    gsize size = 0, total = 0;
    const char *data = NULL;
    char *text = NULL;

    for (guint i = 0; doc != NULL && i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);
        PrcDocument *after = NULL;

        if (row->write != PRC_WRITE_ALWAYS)
            continue;
        after = set_variable (doc, wanted, row, dialect, unset, unset_format, error);
        prc_document_unref (doc);
        doc = after;
    }
    if (doc == NULL)
        return NULL;
    data = prc_document_data (doc, &size);
    total = unset->len + size;
    text = g_malloc (total + 1);
    memcpy (text, unset->str, unset->len);
    if (size > 0)
        memcpy (text + unset->len, data, size);
    return prc_bytes_new_wiped (text, total);
}

GBytes *
prc_environment_print (PrcSession *session, const char *shell, GError **error)
{
    const PrcTool *tool = prc_catalogue_find (prc_session_catalogue (session), "env");
    g_autoptr (PrcProfiles) profiles = NULL;
    const PrcProfile *profile = NULL;
    g_auto (PrcHeldCredential) held = { 0 };
    gsize row = 0;

    while (row < G_N_ELEMENTS (shells) && strcmp (shells[row].shell, shell) != 0)
        row++;
    if (row == G_N_ELEMENTS (shells) || tool == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     "--shell must be sh, bash, zsh, fish, csh or tcsh");
        return NULL;
    }
    profiles = prc_profiles_load (session, error);
    profile = profiles != NULL ? prc_profiles_find (profiles, NULL, error) : NULL;
    if (profile == NULL || !prc_credential_load (session, profile, TRUE, &held, error))
        return NULL;
    {
        PrcWanted wanted = prc_credential_wanted (profile, &held);
        PrcUrlDialect dialect = prc_tool_dialect (tool, prc_session_place (session), &wanted);

        return print_variables (tool, &wanted, &dialect, shells[row].format, shells[row].unset,
                                error);
    }
}
