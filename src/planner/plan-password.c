/* plan-password.c - "my password has changed": the password, wherever it stands, and nothing else
 *
 * What is replaced is any password of this user at one of the profile's proxies, be it the stored
 * one or an older one: a tool that sends either counts towards the account's lockout. */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "model/percent.h"
#include "model/placement.h"

/* What an entry's value is, and what it is to become. */
typedef struct {
    PrcToolPlan *work;
    PrcFileEdit *edit;
    guint index;
    const PrcEntry *entry;
    const PrcToolKey *row; /* (nullable): a key that the catalogue doesn't know */
    PrcUrlDialect dialect;
} Place;

static const PrcPasswordRules *
rules_of (const PrcToolPlan *work)
{
    return work->options->passwords;
}

/* --- whose password it is --------------------------------------------------------------------- */

/* As the tool reads it; or, where it makes nothing of it, as whoever wrote it must have meant it.
 */
static PrcProxyUrl *
parse_profile_proxy (const Place *place)
{
    const PrcProfile *profile = place->work->options->wanted->profile;
    const PrcUrlDialect *dialects[] = { &place->dialect, &prc_url_dialect_lenient };

    for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++) {
        g_autoptr (PrcProxyUrl) url =
            place->row != NULL
                ? prc_wanted_parse (place->row, dialects[i], place->entry->value, NULL)
                : prc_proxy_url_parse (place->entry->value, dialects[i], NULL);

        if (url != NULL && prc_profile_has_proxy (profile, url))
            return g_steal_pointer (&url);
    }
    return NULL;
}

static gboolean
is_set (const PrcEntry *entry)
{
    return entry->kind == PRC_ENTRY_SET && entry->value != NULL && *entry->value != '\0';
}

/* A user and password beside the URL are for the proxy that the same file names; for the
 * environment's when it names none. */
static gboolean
file_is_for_profile (const Place *place)
{
    const GPtrArray *entries = prc_document_entries (place->edit->doc);
    gboolean any = FALSE;

    for (guint i = 0; i < entries->len; i++) {
        Place other = *place;
        g_autoptr (PrcProxyUrl) url = NULL;

        other.entry = g_ptr_array_index (entries, i);
        other.row = prc_tool_find_key (place->work->tool, other.entry->key);
        if (other.row == NULL || !prc_role_is_proxy (other.row->role) || !is_set (other.entry))
            continue;
        url = parse_profile_proxy (&other);
        if (url != NULL)
            return TRUE;
        any = TRUE;
    }
    return !any;
}

/* (nullable): the value of the file's key for the user name. */
static const char *
user_beside (const Place *place)
{
    const GPtrArray *entries = prc_document_entries (place->edit->doc);
    const char *user = NULL;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const PrcToolKey *row = prc_tool_find_key (place->work->tool, entry->key);

        if (row != NULL && row->role == PRC_ROLE_USER && is_set (entry))
            user = entry->value;
    }
    return user;
}

static void
remember_older (const Place *place, const char *password)
{
    const PrcPasswordRules *rules = rules_of (place->work);
    g_autoptr (PrcSecret) secret = prc_secret_new (password, strlen (password));

    if (*password == '\0' || (rules->old != NULL && prc_secret_equal (rules->old, secret)))
        return;
    for (guint i = 0; i < rules->older->len; i++)
        if (prc_secret_equal (g_ptr_array_index (rules->older, i), secret))
            return;
    g_ptr_array_add (rules->older, g_steal_pointer (&secret));
}

/* --- writing ---------------------------------------------------------------------------------- */

static gboolean
is_inline (const PrcToolPlan *work)
{
    return prc_placements_of (work->options->wanted->profile->placement, work->tool->name) ==
           PRC_PLACEMENT_INLINE;
}

static gboolean
may_hold_secret (const Place *place)
{
    return is_inline (place->work) &&
           prc_tool_plan_may_hold_secret (place->work, place->edit->file);
}

static gboolean
replace (Place *place, const char *value, GError **error)
{
    PrcDocument *after = prc_document_replace_entry (place->edit->doc, place->index, value, error);

    return prc_tool_plan_take (place->edit, after, error);
}

static void
note_without (Place *place, guint line, const char *key, const char *reason)
{
    PrcToolPlan *work = place->work;

    if (reason != NULL)
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, place->edit->file, line,
            /* Translators: a key, a tool, and a sentence that says why */
            _ ("%s: %s can't be given this password: %s. The old one is taken away, "
               "so that no wrong password is sent"),
            key, work->tool->name, reason);
    else if (!is_inline (work))
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, place->edit->file, line,
            _ ("%s held the password, which the profile wants in no file of %s's: it is taken "
               "away; `proxyrc apply` writes what refers to it"),
            key, work->tool->name);
    else
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, place->edit->file, line,
            /* Translators: a key, and a whole sentence: why the file gets no secret */
            _ ("%s: %s, so the old password is taken away and the new one is not "
               "written: `proxyrc apply` finds another place for it, --allow-exposed "
               "writes it here"),
            key, prc_found_file_why_no_secret (place->edit->file));
}

/* @value, with nothing changed but the userinfo; NULL takes it away. (transfer full): wiped. */
static char *
with_userinfo (const char *value, const char *userinfo)
{
    const char *scheme = strstr (value, "://");
    const char *start = scheme != NULL ? scheme + 3 : value, *at = strrchr (start, '@');
    g_autofree char *before = g_strndup (value, (gsize) (start - value));

    if (at == NULL)
        return g_strdup (value);
    return g_strconcat (before, userinfo != NULL ? userinfo : "", userinfo != NULL ? "@" : "",
                        at + 1, NULL);
}

static gboolean
reads_as (const Place *place, const char *text, const PrcProxyUrl *wanted)
{
    const PrcUrlDialect *dialects[] = { &place->dialect, &prc_url_dialect_lenient };

    for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++) {
        g_autoptr (PrcProxyUrl) url = place->row != NULL
                                          ? prc_wanted_parse (place->row, dialects[i], text, NULL)
                                          : prc_proxy_url_parse (text, dialects[i], NULL);

        if (url != NULL)
            return prc_proxy_url_equal (url, wanted);
    }
    return FALSE;
}

/* The text for @place with the new password; (transfer full) (nullable): wiped. */
static char *
new_url_text (const Place *place, const PrcProxyUrl *there, GError **error)
{
    const PrcWanted *wanted = place->work->options->wanted;
    g_autoptr (PrcProxyUrl) url =
        prc_proxy_url_new (there->scheme, there->host, there->port, wanted->user, wanted->password);
    g_autoptr (PrcWipedString) whole = prc_proxy_url_format (url, &place->dialect, error);
    g_autoptr (PrcWipedString) userinfo = NULL;
    g_autoptr (PrcWipedString) text = NULL;
    const char *start, *at;

    if (whole == NULL)
        return NULL;
    start = strstr (whole, "://") + 3;
    at = strrchr (whole, '@');
    userinfo = g_strndup (start, (gsize) (at - start));
    text = with_userinfo (place->entry->value, userinfo);
    return reads_as (place, text, url) ? g_steal_pointer (&text) : g_steal_pointer (&whole);
}

/* @bare in its place; without that, the entry goes altogether. */
static gboolean
take_away (Place *place, const char *bare, GError **error)
{
    if (bare != NULL)
        return replace (place, bare, error);
    return prc_tool_plan_take (
        place->edit, prc_document_remove_entry (place->edit->doc, place->index, error), error);
}

/* Writes @text; where it can't be, @bare, or nothing at all. */
static void
write_value (Place *place, const char *text, const char *bare, const char *reason)
{
    guint line = place->entry->line;
    g_autofree char *key = g_strdup (place->entry->key);
    g_autoptr (GError) refused = NULL;
    g_autoptr (GError) stuck = NULL;

    if (text != NULL && replace (place, text, &refused)) {
        place->edit->has_secret = TRUE;
        return;
    }
    if (refused != NULL)
        reason = refused->message;
    if (take_away (place, bare, &stuck)) {
        note_without (place, line, key, reason);
        return;
    }
    prc_tool_plan_note (place->work, PRC_NOTE_LEFT, place->edit->file, line,
                        _ ("%s holds the old password and can't be changed here: %s; change it by "
                           "hand"),
                        key, stuck->message);
}

/* --- the three ways to hold it ---------------------------------------------------------------- */

static gboolean
is_new (const Place *place, const char *password)
{
    return strcmp (password, prc_secret_text (place->work->options->wanted->password)) == 0;
}

static void
renew_url (Place *place)
{
    g_autoptr (PrcProxyUrl) there = parse_profile_proxy (place);
    g_autoptr (PrcWipedString) text = NULL;
    g_autoptr (PrcWipedString) bare = NULL;
    g_autoptr (GError) reason = NULL;
    gboolean may_hold = may_hold_secret (place);

    if (there == NULL || there->password == NULL || there->user == NULL ||
        strcmp (there->user, place->work->options->wanted->user) != 0)
        return;
    if (is_new (place, prc_secret_text (there->password))) {
        place->edit->has_secret |= may_hold;
        if (may_hold)
            return;
    } else {
        remember_older (place, prc_secret_text (there->password));
    }
    bare = with_userinfo (place->entry->value, NULL);
    if (may_hold)
        text = new_url_text (place, there, &reason);
    write_value (place, text, bare, reason != NULL ? reason->message : NULL);
}

static char *
decoded (const Place *place, const char *text)
{
    gsize length = 0;

    return place->row->percent ? prc_percent_decode (text, strlen (text), TRUE, &length)
                               : g_strdup (text);
}

static char *
encoded (const Place *place, const char *text)
{
    return place->row->percent ? prc_percent_encode (text) : g_strdup (text);
}

/* USER:PASSWORD */
static void
renew_pair (Place *place)
{
    const PrcWanted *wanted = place->work->options->wanted;
    const char *colon = strchr (place->entry->value, ':');
    g_autofree char *name = NULL;
    g_autofree char *user = NULL;
    g_autoptr (PrcWipedString) password = NULL;
    g_autoptr (PrcWipedString) fresh = NULL;
    g_autoptr (PrcWipedString) text = NULL;

    if (colon == NULL)
        return;
    name = g_strndup (place->entry->value, (gsize) (colon - place->entry->value));
    user = decoded (place, name);
    password = decoded (place, colon + 1);
    if (strcmp (user, wanted->user) != 0 || !file_is_for_profile (place))
        return;
    if (is_new (place, password)) {
        place->edit->has_secret = TRUE;
        return;
    }
    remember_older (place, password);
    if (may_hold_secret (place)) {
        fresh = encoded (place, prc_secret_text (wanted->password));
        text = g_strconcat (name, ":", fresh, NULL);
    }
    write_value (place, text, NULL, NULL);
}

static void
renew_password (Place *place)
{
    const PrcWanted *wanted = place->work->options->wanted;
    const PrcSecret *old = rules_of (place->work)->old;
    const char *user = user_beside (place);
    g_autoptr (PrcWipedString) password = decoded (place, place->entry->value);
    g_autoptr (PrcWipedString) text = NULL;
    gboolean is_stored = old != NULL && strcmp (password, prc_secret_text (old)) == 0;

    if ((user != NULL ? strcmp (user, wanted->user) != 0 : !is_stored) ||
        !file_is_for_profile (place))
        return;
    if (is_new (place, password)) {
        place->edit->has_secret = TRUE;
        return;
    }
    remember_older (place, password);
    if (may_hold_secret (place))
        text = encoded (place, prc_secret_text (wanted->password));
    write_value (place, text, NULL, NULL);
}

/* PIP_PROXY is for pip, in whatever file it is set. */
static PrcUrlDialect
dialect_of (const PrcToolPlan *work, const PrcEntry *entry)
{
    PrcUrlDialect dialect = *work->dialect;

    if (g_ascii_strncasecmp (entry->key, "PIP_", 4) == 0)
        dialect.latin1 = TRUE;
    return dialect;
}

static void
renew_entry (PrcToolPlan *work, PrcFileEdit *edit, guint index)
{
    const PrcEntry *entry = g_ptr_array_index (prc_document_entries (edit->doc), index);
    const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key);
    Place place = { work, edit, index, entry, row, dialect_of (work, entry) };

    if (!is_set (entry))
        return;
    if (row == NULL || prc_role_is_proxy (row->role)) {
        if (strchr (entry->value, '@') != NULL)
            renew_url (&place);
    } else if (row->role == PRC_ROLE_USER) {
        renew_pair (&place);
    } else if (row->role == PRC_ROLE_PASSWORD) {
        renew_password (&place);
    }
}

gboolean
prc_plan_passwords (PrcToolPlan *work, GError **error)
{
    (void) error;
    for (guint f = 0; f < work->found->files->len; f++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, f);
        PrcFileEdit *edit = NULL;
        guint i = 0;

        if (!prc_plan_may_change (work->options, file))
            continue;
        edit = prc_tool_plan_edit (work, file);
        while (i < prc_document_entries (edit->doc)->len) {
            guint before = prc_document_entries (edit->doc)->len;

            renew_entry (work, edit, i);
            i += prc_document_entries (edit->doc)->len >= before;
        }
    }
    return TRUE;
}
