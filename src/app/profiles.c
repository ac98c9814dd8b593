#include "app/profiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "formats/document.h"

struct _PrcProfiles {
    char *user_path;
    GBytes *user_bytes; /* (nullable): as read */
    PrcDocument *user_doc;
    char *active;       /* (nullable) */
    gboolean is_system; /* the user's file is the system's: --config names it */
    GPtrArray *rows;
};

static void
row_free (gpointer data)
{
    PrcProfileRow *row = data;

    prc_profile_free (row->profile);
    g_free (row);
}

void
prc_profiles_free (PrcProfiles *profiles)
{
    if (profiles == NULL)
        return;
    g_free (profiles->user_path);
    g_clear_pointer (&profiles->user_bytes, g_bytes_unref);
    prc_document_unref (profiles->user_doc);
    g_free (profiles->active);
    g_ptr_array_unref (profiles->rows);
    g_free (profiles);
}

void
prc_profiles_edit_clear (PrcProfilesEdit *edit)
{
    g_clear_pointer (&edit->before, g_bytes_unref);
    g_clear_pointer (&edit->after, g_bytes_unref);
}

/* Reading */

/* "profiles.3.http" is key "http" of the fourth group. */
static gboolean
split_key (const char *key, guint *ret_index, const char **ret_name)
{
    char *end = NULL;
    gulong index;

    if (!g_str_has_prefix (key, "profiles."))
        return FALSE;
    key += strlen ("profiles.");
    if (!g_ascii_isdigit (*key))
        return FALSE;
    index = strtoul (key, &end, 10);
    if (*end != '.' || index > 100000)
        return FALSE;
    *ret_index = (guint) index;
    *ret_name = end + 1;
    return TRUE;
}

static const char *
name_of_group (const PrcDocument *doc, guint index)
{
    g_autofree char *key = g_strdup_printf ("profiles.%u.name", index);
    const PrcEntry *entry = NULL;

    return prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_VALUE ? entry->value : NULL;
}

static PrcProfileRow *
find_row (const PrcProfiles *profiles, const char *name)
{
    for (guint i = 0; i < profiles->rows->len; i++) {
        PrcProfileRow *row = g_ptr_array_index (profiles->rows, i);

        if (strcmp (row->profile->name, name) == 0)
            return row;
    }
    return NULL;
}

static PrcProfileRow *
need_row (PrcProfiles *profiles, const char *name, gboolean is_user)
{
    PrcProfileRow *row = find_row (profiles, name);

    if (row == NULL) {
        row = g_new0 (PrcProfileRow, 1);
        row->profile = prc_profile_new (name);
        g_ptr_array_add (profiles->rows, row);
    }
    row->in_user_file |= is_user;
    row->in_system_file |= !is_user;
    return row;
}

static gboolean
read_entry (PrcProfiles *profiles, const PrcDocument *doc, const PrcEntry *entry, gboolean is_user,
            GError **error)
{
    const char *name = NULL, *key = NULL;
    GError *reason = NULL;
    guint index = 0;

    if (strcmp (entry->key, "active") == 0 && entry->value != NULL) {
        g_free (profiles->active);
        profiles->active = g_strdup (entry->value);
        return TRUE;
    }
    if (!split_key (entry->key, &index, &key))
        return TRUE;
    name = name_of_group (doc, index);
    if (name == NULL || *name == '\0') {
        prc_set_error_at_line (error, entry->line, _ ("a profile needs a name: name = \"…\""));
        return FALSE;
    }
    if (strcmp (name, "direct") == 0) {
        prc_set_error_at_line (error, entry->line,
                               _ ("“direct” is built in and means no proxy: choose another name"));
        return FALSE;
    }
    if (strcmp (key, "name") == 0) {
        (void) need_row (profiles, name, is_user);
        return TRUE;
    }
    if (!prc_profile_set (need_row (profiles, name, is_user)->profile, key,
                          entry->value != NULL ? entry->value : "", &reason)) {
        prc_set_error_at_line (error, entry->line, "%s: %s", key, reason->message);
        g_error_free (reason);
        return FALSE;
    }
    return TRUE;
}

static PrcDocument *
parse_profiles (PrcProfiles *profiles, const char *path, GBytes *bytes, gboolean is_user,
                GError **error)
{
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name ("libconfig"), bytes, 0, error);
    const GPtrArray *entries = doc != NULL ? prc_document_entries (doc) : NULL;

    for (guint i = 0; entries != NULL && i < entries->len; i++)
        if (!read_entry (profiles, doc, g_ptr_array_index (entries, i), is_user, error)) {
            prc_prefix_file (error, path);
            return NULL;
        }
    if (doc == NULL)
        prc_prefix_file (error, path);
    return g_steal_pointer (&doc);
}

static PrcDocument *
read_profiles_file (PrcProfiles *profiles, const char *path, gboolean is_user, GBytes **ret_bytes,
                    GError **error)
{
    g_autoptr (GError) reason = NULL;
    /* Mostly there is none for the system: that is no error, which would cost a look for its
     * translation. */
    g_autoptr (GBytes) bytes = access (path, F_OK) == 0 || errno != ENOENT
                                   ? prc_read_file (AT_FDCWD, path, NULL, &reason)
                                   : NULL;
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    PrcDocument *doc = NULL;

    if (reason != NULL && !g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
        g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
    }
    doc = parse_profiles (profiles, path, bytes != NULL ? bytes : empty, is_user, error);
    if (doc == NULL)
        return NULL;
    if (ret_bytes != NULL)
        *ret_bytes = g_steal_pointer (&bytes);
    return doc;
}

PrcProfiles *
prc_profiles_load (PrcSession *session, GError **error)
{
    const char *path = prc_session_config_path (session);

    if (prc_session_options (session)->config_file != NULL && access (path, F_OK) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: %s; `proxyrc profile add` with the same --config would make it"), path,
                     g_strerror (errno));
        return NULL;
    }
    return prc_profiles_load_or_new (session, error);
}

/* @instead: (nullable): of the user's file. */
static PrcProfiles *
load (PrcSession *session, GBytes *instead, GError **error)
{
    g_autoptr (PrcProfiles) profiles = g_new0 (PrcProfiles, 1);
    const char *system_path = prc_session_system_config_path (session);
    g_autoptr (PrcDocument) system = NULL;
    PrcProfileRow *row = NULL;

    profiles->rows = g_ptr_array_new_with_free_func (row_free);
    profiles->user_path = g_strdup (prc_session_config_path (session));
    profiles->is_system = strcmp (profiles->user_path, system_path) == 0;
    if (!profiles->is_system) {
        system = read_profiles_file (profiles, system_path, FALSE, NULL, error);
        if (system == NULL)
            return NULL;
    }
    profiles->user_doc = instead != NULL
                             ? parse_profiles (profiles, profiles->user_path, instead, TRUE, error)
                             : read_profiles_file (profiles, profiles->user_path, TRUE,
                                                   &profiles->user_bytes, error);
    if (profiles->user_doc == NULL)
        return NULL;
    (void) need_row (profiles, "direct", FALSE);
    row = profiles->active != NULL ? find_row (profiles, profiles->active) : NULL;
    if (row != NULL)
        row->is_active = TRUE;
    return g_steal_pointer (&profiles);
}

PrcProfiles *
prc_profiles_load_or_new (PrcSession *session, GError **error)
{
    return load (session, NULL, error);
}

PrcProfiles *
prc_profiles_with (PrcSession *session, const PrcProfilesEdit *edit, GError **error)
{
    return load (session, edit->after, error);
}

const GPtrArray *
prc_profiles_rows (const PrcProfiles *profiles)
{
    return profiles->rows;
}

const PrcProfile *
prc_profiles_active (const PrcProfiles *profiles)
{
    const PrcProfileRow *row =
        profiles->active != NULL ? find_row (profiles, profiles->active) : NULL;

    return row != NULL ? row->profile : NULL;
}

const PrcProfile *
prc_profiles_find (const PrcProfiles *profiles, const char *name, GError **error)
{
    const PrcProfileRow *row = NULL;

    if (name == NULL)
        name = profiles->active;
    if (name == NULL) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
            _ ("there is no active profile; make one with `proxyrc profile add NAME "
               "https=http://HOST:PORT http=http://HOST:PORT user=USER`, or choose one with "
               "`proxyrc use NAME`"));
        return NULL;
    }
    row = find_row (profiles, name);
    if (row == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("there is no profile “%s”; `proxyrc profile list` shows them"), name);
        return NULL;
    }
    return row->profile;
}

/* Editing */

static int
find_group (const PrcDocument *doc, const char *name, guint *ret_n)
{
    int found = -1;
    guint n = 0;

    for (;; n++) {
        const char *there = name_of_group (doc, n);

        if (there == NULL)
            break;
        if (strcmp (there, name) == 0)
            found = (int) n;
    }
    if (ret_n != NULL)
        *ret_n = n;
    return found;
}

static gboolean
set_in_doc (PrcDocument **doc, const char *key, const char *value, GError **error)
{
    PrcDocument *after = *value != '\0' ? prc_document_set (*doc, key, value, error)
                                        : prc_document_unset (*doc, key, error);

    if (after == NULL)
        return FALSE;
    prc_document_unref (*doc);
    *doc = after;
    return TRUE;
}

/* Each pair is tried on a profile first: what is wrong is said before anything is written. */
static gboolean
set_pairs (PrcDocument **doc, guint group, PrcProfile *profile, char **pairs, GError **error)
{
    for (char **pair = pairs; pair != NULL && *pair != NULL; pair++) {
        g_auto (GStrv) parts = g_strsplit (*pair, "=", 2);

        if (parts[0] == NULL || parts[1] == NULL) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                         _ ("write KEY=VALUE, as in https=http://proxy.example:3128"));
            return FALSE;
        }
        if (!prc_profile_set (profile, parts[0], parts[1], error) ||
            (strcmp (parts[0], "store") == 0 && *parts[1] != '\0' &&
             !prc_store_check_name (parts[1], error))) {
            if (error == NULL || (*error)->code != PRC_ERROR_USAGE)
                g_prefix_error (error, "%s: ", parts[0]);
            return FALSE;
        }
    }
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        g_autofree char *path = g_strdup_printf ("profiles.%u.%s", group, *key);
        g_autofree char *value = prc_profile_get (profile, *key);
        g_autofree char *prefix = g_strconcat (*key, "=", NULL);
        gboolean named = strcmp (*key, "user") == 0; /* may come out of a proxy URL */

        for (char **pair = pairs; !named && pair != NULL && *pair != NULL; pair++)
            named = g_str_has_prefix (*pair, prefix);
        if (named && !set_in_doc (doc, path, value != NULL ? value : "", error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
finish_edit (const PrcProfiles *profiles, const PrcDocument *doc, PrcProfilesEdit *ret_edit)
{
    ret_edit->before = profiles->user_bytes != NULL ? g_bytes_ref (profiles->user_bytes) : NULL;
    ret_edit->after = g_bytes_ref (prc_document_bytes (doc));
    return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
    if (*name == '\0' || strcmp (name, "direct") == 0 || !g_utf8_validate (name, -1, NULL)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     strcmp (name, "direct") == 0
                         ? _ ("“direct” is built in and means no proxy: choose another name")
                         : _ ("a profile needs a name, in UTF-8"));
        return FALSE;
    }
    for (const char *p = name; *p != '\0'; p++)
        if ((guchar) *p < 0x20 || *p == 0x7F) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                         _ ("a profile's name can't hold control characters"));
            return FALSE;
        }
    return TRUE;
}

gboolean
prc_profiles_add (PrcProfiles *profiles, const char *name, char **pairs, PrcProfilesEdit *ret_edit,
                  GError **error)
{
    g_autoptr (PrcDocument) doc = prc_document_ref (profiles->user_doc);
    g_autoptr (PrcProfile) profile = NULL;
    g_autofree char *path = NULL;
    guint n = 0;

    if (!check_name (name, error))
        return FALSE;
    if (find_group (doc, name, &n) >= 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is a profile “%s” already; change it with `proxyrc profile set`"),
                     name);
        return FALSE;
    }
    profile = prc_profile_new (name);
    path = g_strdup_printf ("profiles.%u.name", n);
    if (!set_in_doc (&doc, path, name, error) || !set_pairs (&doc, n, profile, pairs, error))
        return FALSE;
    if (profiles->active == NULL && !set_in_doc (&doc, "active", name, error))
        return FALSE;
    return finish_edit (profiles, doc, ret_edit);
}

gboolean
prc_profiles_set (PrcProfiles *profiles, const char *name, char **pairs, PrcProfilesEdit *ret_edit,
                  GError **error)
{
    g_autoptr (PrcDocument) doc = prc_document_ref (profiles->user_doc);
    g_autofree char *path = NULL;
    const PrcProfile *there = prc_profiles_find (profiles, name, error);
    g_autoptr (PrcProfile) profile = NULL;
    guint n = 0;
    int group;

    if (there == NULL)
        return FALSE;
    if (there->is_direct)
        return check_name ("direct", error);
    profile = prc_profile_new (there->name);
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        g_autofree char *value = prc_profile_get (there, *key);

        if (value != NULL && !prc_profile_set (profile, *key, value, error))
            return FALSE;
    }
    group = find_group (doc, there->name, &n);
    if (group < 0) { /* the system's: the user's file gets one of that name that goes over it */
        path = g_strdup_printf ("profiles.%u.name", n);
        if (!set_in_doc (&doc, path, there->name, error))
            return FALSE;
        group = (int) n;
    }
    if (!set_pairs (&doc, (guint) group, profile, pairs, error))
        return FALSE;
    return finish_edit (profiles, doc, ret_edit);
}

gboolean
prc_profiles_remove (PrcProfiles *profiles, const char *name, PrcProfilesEdit *ret_edit,
                     GError **error)
{
    g_autoptr (PrcDocument) doc = prc_document_ref (profiles->user_doc);
    int group = find_group (doc, name, NULL);
    g_autofree char *path = NULL;

    if (group < 0) {
        if (prc_profiles_find (profiles, name, error) != NULL)
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                         _ ("“%s” is not in your own file, so it can't be removed there"), name);
        return FALSE;
    }
    path = g_strdup_printf ("profiles.%d", group);
    if (!set_in_doc (&doc, path, "", error))
        return FALSE;
    if (g_strcmp0 (profiles->active, name) == 0 && find_row (profiles, name) != NULL &&
        !find_row (profiles, name)->in_system_file && !set_in_doc (&doc, "active", "", error))
        return FALSE;
    return finish_edit (profiles, doc, ret_edit);
}

gboolean
prc_profiles_activate (PrcProfiles *profiles, const char *name, PrcProfilesEdit *ret_edit,
                       GError **error)
{
    g_autoptr (PrcDocument) doc = prc_document_ref (profiles->user_doc);

    if (prc_profiles_find (profiles, name, error) == NULL)
        return FALSE;
    if (g_strcmp0 (profiles->active, name) != 0 && !set_in_doc (&doc, "active", name, error))
        return FALSE;
    return finish_edit (profiles, doc, ret_edit);
}

gboolean
prc_profiles_would_change (const PrcProfilesEdit *edit)
{
    return edit->before != NULL ? !g_bytes_equal (edit->before, edit->after)
                                : g_bytes_get_size (edit->after) > 0;
}

PrcChange *
prc_profiles_change (const PrcProfiles *profiles, const PrcProfilesEdit *edit)
{
    PrcChange *change = NULL;

    if (!prc_profiles_would_change (edit))
        return NULL;
    change = prc_change_new (profiles->user_path, edit->before, edit->after);
    change->settings = 1;
    if (profiles->is_system && edit->before == NULL)
        change->mode = 0644; /* it holds no secrets, and all users are to read it */
    return change;
}

gboolean
prc_profiles_write (PrcSession *session, const PrcProfiles *profiles, const PrcProfilesEdit *edit,
                    const char *label, GError **error)
{
    g_autoptr (GPtrArray) changes =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
    PrcChange *change = prc_profiles_change (profiles, edit);
    PrcApplyOptions options = prc_session_apply_options (session);

    if (change == NULL)
        return TRUE;
    g_ptr_array_add (changes, change);
    options.label = label;
    return prc_transaction_commit (prc_session_state_dir (session), changes, &options, NULL, error);
}
