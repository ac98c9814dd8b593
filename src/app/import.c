#include "app/import.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "catalogue/discover.h"
#include "model/percent.h"
#include "planner/wanted.h"

typedef struct {
    PrcProxyUrl *proxies[PRC_N_ROLES]; /* of the three proxy roles */
    char *texts[PRC_N_ROLES];          /* no_proxy, auth, ca */
    char *user;
    gboolean has_password;
    GPtrArray *notes;
} Import;

static void
import_clear (Import *import)
{
    for (gsize i = 0; i < PRC_N_ROLES; i++) {
        prc_proxy_url_free (import->proxies[i]);
        g_free (import->texts[i]);
    }
    g_free (import->user);
    if (import->notes != NULL)
        g_ptr_array_unref (import->notes);
}

static gboolean
counts (const PrcReading *reading, const PrcToolKey *row)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    return row != NULL && row->dead == NULL && entry->kind == PRC_ENTRY_SET &&
           entry->value != NULL && *entry->value != '\0' && reading->file->is_read &&
           !reading->is_unread && !reading->is_conditional && !prc_tool_key_is_pattern (row) &&
           (entry->flags &
            (PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE | PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) == 0;
}

static void
note_source (Import *import, PrcRole role, const PrcReading *reading, const char *shown)
{
    g_autofree char *path = prc_text_printable (reading->file->path);

    /* Translators: a role of a proxy (http, https…), the proxy, file and line */
    g_ptr_array_add (import->notes,
                     g_strdup_printf (_ ("%s = %s, from %s:%u"), prc_role_name (role), shown, path,
                                      prc_reading_entry (reading)->line));
}

static void
take_proxy (Import *import, const PrcTool *tool, const PrcToolKey *row, const PrcReading *reading)
{
    g_autoptr (PrcProxyUrl) url =
        prc_wanted_parse (row, &tool->url, prc_reading_entry (reading)->value, NULL);
    g_autofree char *bare = NULL;

    if (url == NULL)
        return;
    bare = prc_proxy_url_format_bare (url);
    note_source (import, row->role, reading, bare);
    if (import->user == NULL && url->user != NULL && *url->user != '\0') {
        import->user = g_strdup (url->user);
        import->has_password = url->password != NULL;
    }
    import->proxies[row->role] = g_steal_pointer (&url);
}

/* "USER:PASSWORD", apart from the URL. */
static void
take_user (Import *import, const PrcToolKey *row, const PrcReading *reading)
{
    const char *value = prc_reading_entry (reading)->value;
    const char *colon = strchr (value, ':');
    gsize length = colon != NULL ? (gsize) (colon - value) : strlen (value);
    g_autofree char *shown = NULL;
    gsize decoded = 0;

    if (import->user != NULL || length == 0)
        return;
    import->user = row->percent ? prc_percent_decode (value, length, TRUE, &decoded)
                                : g_strndup (value, length);
    import->has_password |= colon != NULL;
    shown = prc_text_printable (import->user);
    note_source (import, PRC_ROLE_USER, reading, shown);
}

/* curl has a switch for each scheme, others a word, perhaps one of their own. */
static void
take_auth (Import *import, const PrcToolKey *row, const PrcReading *reading)
{
    static const char *const schemes[] = { "basic", "digest", "ntlm", "negotiate", "any", NULL };
    const char *value = prc_reading_entry (reading)->value, *scheme = value;

    if (import->texts[PRC_ROLE_AUTH] != NULL)
        return;
    if (row->flag != NULL) {
        if (strcmp (value, "true") != 0)
            return;
        scheme = row->flag;
    }
    for (char **name = row->names; name != NULL && *name != NULL; name++) {
        const char *equals = strchr (*name, '=');

        if (equals != NULL && g_ascii_strcasecmp (equals + 1, value) == 0) {
            import->texts[PRC_ROLE_AUTH] = g_strndup (*name, (gsize) (equals - *name));
            note_source (import, PRC_ROLE_AUTH, reading, import->texts[PRC_ROLE_AUTH]);
            return;
        }
    }
    if (!g_strv_contains (schemes, scheme))
        return;
    import->texts[PRC_ROLE_AUTH] = g_strdup (scheme);
    note_source (import, PRC_ROLE_AUTH, reading, import->texts[PRC_ROLE_AUTH]);
}

/* Variables that one program alone reads say nothing about the others (ftp_proxy). */
static gboolean
speaks_for_all (const PrcToolKey *row)
{
    return row->write == PRC_WRITE_ALWAYS || row->role == PRC_ROLE_USER ||
           (row->write == PRC_WRITE_PRESENT && row->role == PRC_ROLE_ALL);
}

/* What this tool would use, for the roles that no tool before it had: its last reading counts. */
static void
take_tool (Import *import, const PrcFound *found)
{
    const PrcReading *last[PRC_N_ROLES] = { NULL };
    const PrcToolKey *rows[PRC_N_ROLES] = { NULL };
    gboolean has_any = import->proxies[PRC_ROLE_HTTP] != NULL ||
                       import->proxies[PRC_ROLE_HTTPS] != NULL ||
                       import->proxies[PRC_ROLE_ALL] != NULL;

    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcToolKey *row = prc_tool_find_key (found->tool, prc_reading_entry (reading)->key);

        if (!counts (reading, row) || !speaks_for_all (row))
            continue;
        last[row->role] = reading;
        rows[row->role] = row;
    }
    for (guint role = 0; role < PRC_N_ROLES; role++) {
        if (last[role] == NULL)
            continue;
        if (prc_role_is_proxy (role)) {
            if (!has_any)
                take_proxy (import, found->tool, rows[role], last[role]);
        } else if (role == PRC_ROLE_USER && !has_any) {
            take_user (import, rows[role], last[role]);
        } else if (role == PRC_ROLE_AUTH) {
            take_auth (import, rows[role], last[role]);
        } else if ((role == PRC_ROLE_NO_PROXY || role == PRC_ROLE_CA) &&
                   import->texts[role] == NULL) {
            import->texts[role] = g_strdup (prc_reading_entry (last[role])->value);
            note_source (import, role, last[role], import->texts[role]);
        }
    }
}

static char **
finish_pairs (const Import *import)
{
    GPtrArray *pairs = g_ptr_array_new ();

    for (guint role = 0; role < PRC_N_ROLES; role++) {
        g_autofree char *value = import->proxies[role] != NULL
                                     ? prc_proxy_url_format_bare (import->proxies[role])
                                     : g_strdup (import->texts[role]);

        if (value != NULL)
            g_ptr_array_add (pairs, g_strdup_printf ("%s=%s", prc_role_name (role), value));
    }
    if (import->user != NULL)
        g_ptr_array_add (pairs, g_strconcat ("user=", import->user, NULL));
    g_ptr_array_add (pairs, NULL);
    return (char **) g_ptr_array_free (pairs, FALSE);
}

char **
prc_import_pairs (PrcSession *session, GPtrArray **ret_notes, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (session, error);
    Import import = { .notes = g_ptr_array_new_with_free_func (g_free) };
    char **pairs = NULL;

    if (catalogue == NULL) {
        import_clear (&import);
        return NULL;
    }
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);
        g_autoptr (PrcFound) found = NULL;

        if (!prc_session_wants_tool (session, NULL, tool))
            continue;
        found = prc_discover (tool, prc_session_place (session));
        take_tool (&import, found);
    }
    if (import.proxies[PRC_ROLE_HTTP] == NULL && import.proxies[PRC_ROLE_HTTPS] == NULL &&
        import.proxies[PRC_ROLE_ALL] == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("no proxy setting was found; make a profile with `proxyrc profile add`"));
    } else {
        if (import.has_password)
            g_ptr_array_add (import.notes, g_strdup (_ ("a password was found too; profiles hold "
                                                        "none: store it with `proxyrc login`")));
        pairs = finish_pairs (&import);
        *ret_notes = g_steal_pointer (&import.notes);
    }
    import_clear (&import);
    return pairs;
}
