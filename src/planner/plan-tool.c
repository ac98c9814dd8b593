/* plan-tool.c - a tool with files of its own: git, npm, pip, curl */
#include "planner/plan-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* Why a tool gets no credential, or nothing at all. */
typedef enum {
    SERVE_OWN,     /* in its own file */
    SERVE_BARE,    /* its own file names the proxy without credentials, so that it sends none */
    SERVE_INHERIT, /* nothing of its own: it takes the environment's */
    SERVE_NOT,     /* it has nothing that it could use */
} Serve;

static gboolean
is_managed (const PrcToolPlan *work, const PrcToolKey *row)
{
    g_autoptr (PrcWipedString) value = NULL;
    PrcWantedKind kind = PRC_WANTED_UNMANAGED;

    return prc_wanted_value (work->options->wanted, row, work->dialect, TRUE, &kind, &value,
                             NULL) &&
           kind == PRC_WANTED_VALUE;
}

/* The file whose setting wins now: settings are edited where they stand. Its proxy says which file
 * that is; where it has none, for it takes the environment's, another setting. */
static const PrcFoundFile *
find_winning_file (const PrcToolPlan *work)
{
    const PrcFoundFile *found = NULL, *other = NULL;

    for (guint i = 0; i < work->found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (work->found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key);

        if (row == NULL || row->write != PRC_WRITE_ALWAYS || entry->kind != PRC_ENTRY_SET ||
            reading->is_conditional || (entry->flags & PRC_ENTRY_INERT) != 0 ||
            reading->file->scope != PRC_SCOPE_USER || !reading->file->is_read)
            continue;
        if (prc_role_is_proxy (row->role))
            found = reading->file;
        else if (is_managed (work, row))
            other = reading->file;
    }
    return found != NULL ? found : other;
}

/* Where new settings go: the best place that exists, else the one that would be created. */
static const PrcFoundFile *
find_default_file (const PrcToolPlan *work)
{
    const PrcFoundFile *other = NULL, *absent = NULL, *present = NULL;

    for (guint i = 0; i < work->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, i);
        const PrcToolFile *row = file->row;

        if (file->scope != PRC_SCOPE_USER || file->is_include || row->transient || !file->is_read)
            continue;
        if (file->exists && (row->create || row->first) && (present == NULL || !row->first))
            present = file;
        else if (file->exists && other == NULL)
            other = file;
        else if (!file->exists && row->create && (absent == NULL || !row->first))
            absent = file;
    }
    return present != NULL ? present : other != NULL ? other : absent;
}

static char *
include_path (const PrcToolPlan *work)
{
    g_auto (GStrv) paths = NULL;

    if (work->tool->include_path == NULL)
        return NULL;
    paths = prc_place_expand (work->options->place, work->tool->include_path);
    return g_strdup (paths[0]);
}

static gboolean
is_own_include (const PrcToolPlan *work, const PrcFoundFile *file)
{
    g_autofree char *path = include_path (work);

    return path != NULL && strcmp (path, file->path) == 0;
}

/* A tracked file reads an untracked one, which holds the secret. */
static const PrcFoundFile *
use_include (PrcToolPlan *work, const PrcFoundFile *tracked, GError **error)
{
    g_autofree char *path = include_path (work);
    g_autofree char *shown = prc_place_show (work->options->place, path);
    const PrcFoundFile *file = prc_tool_plan_find_file (work, path);
    PrcFileEdit *includer = prc_tool_plan_edit (work, tracked);

    if (!prc_tool_plan_add (work, includer, work->tool->include_key, shown, error))
        return NULL;
    prc_tool_plan_note (
        work, PRC_NOTE_INFO, tracked, 0,
        /* Translators: the first %s is a whole sentence: why the file gets no secret */
        _ ("%s, so the credential goes into %s, which it includes"),
        prc_found_file_why_no_secret (tracked), shown);
    return file != NULL ? file : prc_tool_plan_new_file (work, tracked->row, path);
}

/* In its file, or by a reference. */
static gboolean
has_credential (const PrcToolPlan *work)
{
    return work->credential->user != NULL && work->placement != PRC_PLACEMENT_NONE;
}

/* Whether the tool can be given what is wanted at all: asked once, with its first proxy key. */
static gboolean
can_hold (PrcToolPlan *work, GError **reason)
{
    for (guint i = 0; i < work->tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (work->tool->keys, i);
        g_autoptr (PrcWipedString) value = NULL;
        PrcWantedKind kind;

        if (row->write == PRC_WRITE_ALWAYS && prc_role_is_proxy (row->role) &&
            !prc_wanted_value (has_credential (work) ? work->credential : work->options->wanted,
                               row, work->dialect, FALSE, &kind, &value, reason))
            return FALSE;
    }
    return TRUE;
}

static gboolean
can_speak (const PrcToolPlan *work)
{
    const PrcProxyUrl *proxy = prc_profile_proxy_for (work->options->wanted->profile, PRC_ROLE_ALL);

    return proxy == NULL || (work->dialect->schemes & (1u << proxy->scheme)) != 0;
}

/* With a scheme that the tool can't do it would send the password as Basic, in clear, and still get
 * 407, each time. */
static gboolean
can_authenticate (const PrcToolPlan *work)
{
    const char *auth = work->credential->profile->auth;

    /* without a user there is nothing to send, but for a ticket */
    return (!has_credential (work) && g_strcmp0 (auth, "negotiate") != 0) ||
           prc_tool_can_auth (work->tool, auth);
}

static gboolean
has_two_proxies (const PrcToolPlan *work)
{
    const PrcProfile *profile = work->options->wanted->profile;
    const PrcProxyUrl *http = prc_profile_proxy_for (profile, PRC_ROLE_HTTP);
    const PrcProxyUrl *https = prc_profile_proxy_for (profile, PRC_ROLE_HTTPS);

    if (profile->is_direct || !work->tool->one_proxy)
        return FALSE;
    if (http == NULL || https == NULL)
        return http != https;
    return !prc_proxy_url_same_proxy (http, https);
}

static gboolean
is_ascii (const char *text)
{
    return text == NULL || g_str_is_ascii (text);
}

/* What the environment holds is right for the tool too: it reads the same bytes from it. */
static gboolean
may_inherit (const PrcToolPlan *work)
{
    const PrcWanted *wanted = work->credential;
    gboolean env_has_credential =
        wanted->user != NULL && work->options->env_placement != PRC_PLACEMENT_NONE;

    if (!work->tool->inherits || !work->options->env_is_served ||
        env_has_credential != has_credential (work))
        return FALSE;
    return !work->dialect->latin1 || !env_has_credential ||
           (is_ascii (wanted->user) &&
            (wanted->password == NULL || is_ascii (prc_secret_text (wanted->password))));
}

/* (nullable): the variable that only this tool reads. */
static const char *
own_variable (const PrcToolPlan *work)
{
    const PrcTool *env = work->options->env;

    for (guint i = 0; env != NULL && i < env->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (env->keys, i);

        if (g_strcmp0 (row->of, work->tool->name) == 0)
            return row->key;
    }
    return NULL;
}

/* The environment is evaluated, so it can have a variable for this tool alone. */
static gboolean
takes_own_variable (PrcToolPlan *work)
{
    const char *variable = own_variable (work);

    if (variable == NULL || !work->options->env_is_served ||
        work->options->env_placement != PRC_PLACEMENT_REFERENCE)
        return FALSE;
    prc_tool_plan_note (
        work, PRC_NOTE_INFO, NULL, 0,
        _ ("%s reads a user or password beyond ASCII differently from all others: it "
           "gets %s in the environment, with which it ignores no_proxy"),
        work->tool->name, variable);
    return TRUE;
}

static Serve
choose_reference (PrcToolPlan *work)
{
    const char *name = work->tool->name;

    if (work->tool->reference_kind == PRC_REFERENCE_HELPER)
        return SERVE_OWN;
    if (work->tool->reference_kind != PRC_REFERENCE_ENVIRONMENT)
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, NULL, 0,
            _ ("%s is left out: it can't refer to a credential that stands elsewhere "
               "(placement=reference); %s=inline writes it into its file. It is given "
               "the proxy without the credential"),
            name, name);
    else if (may_inherit (work) || takes_own_variable (work))
        return SERVE_INHERIT;
    else
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, NULL, 0,
            work->options->env_is_served && work->options->env_placement != PRC_PLACEMENT_NONE
                ? _ ("%s is left out: by reference it takes the credential from the environment, "
                     "which does not have it in a form that it reads; placement env=reference, or "
                     "%s=inline, serves it. It is given the proxy without the credential")
                : _ ("%s is left out: by reference it takes the credential from the environment, "
                     "which does not have it; placement env=reference, or %s=inline, serves it. "
                     "It is given the proxy without the credential"),
            name, name);
    return SERVE_BARE;
}

static Serve
choose_service (PrcToolPlan *work)
{
    const PrcWanted *wanted = work->credential;
    g_autoptr (GError) reason = NULL;

    if (wanted->profile->is_direct)
        return SERVE_OWN;
    if (!can_speak (work)) {
        prc_tool_plan_note (work, PRC_NOTE_UNSERVED, NULL, 0,
                            _ ("%s is left out: it can't speak to this kind of proxy"),
                            work->tool->name);
        return SERVE_NOT;
    }
    if (!can_authenticate (work)) {
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, NULL, 0,
            /* Translators: a tool, and a way to log in: Basic, NTLM… */
            _ ("%s is left out: it can't do %s and would get 407 with any password. "
               "It is given the proxy without the credential"),
            work->tool->name, wanted->profile->auth);
        return SERVE_BARE;
    }
    if (!can_hold (work, &reason)) {
        /* What the environment holds would be misread just as well: name the proxy without the
         * credential, so that no wrong password is sent. */
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, NULL, 0,
            /* Translators: a tool, and a sentence that says why */
            _ ("%s is left out: %s. It is given the proxy without the credential, so "
               "that it sends no wrong password"),
            work->tool->name, reason->message);
        return SERVE_BARE;
    }
    if (has_credential (work) && work->placement == PRC_PLACEMENT_REFERENCE) {
        Serve serve = choose_reference (work);

        if (serve != SERVE_OWN)
            return serve;
    }
    if (has_two_proxies (work) && may_inherit (work)) {
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, NULL, 0,
            _ ("%s has one setting for http and https, the profile has not one proxy "
               "for both: it takes them from the environment"),
            work->tool->name);
        return SERVE_INHERIT;
    }
    if (has_two_proxies (work))
        prc_tool_plan_note (
            work, PRC_NOTE_UNSERVED, NULL, 0,
            /* Translators: a tool, and "http" or "https" */
            _ ("%s has one setting for http and https: it uses the profile's %s proxy for both"),
            work->tool->name,
            prc_profile_proxy_for (wanted->profile, PRC_ROLE_HTTPS) != NULL ? "https" : "http");
    if (work->tool->no_proxy_source == PRC_NO_PROXY_ENVIRONMENT_ONLY &&
        wanted->profile->no_proxy != NULL) {
        if (may_inherit (work)) {
            prc_tool_plan_note (
                work, PRC_NOTE_INFO, NULL, 0,
                _ ("with a proxy of its own %s would ignore no_proxy: it takes both "
                   "from the environment"),
                work->tool->name);
            return SERVE_INHERIT;
        }
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, NULL, 0,
            _ ("%s needs a proxy setting of its own here, and with one it ignores no_proxy"),
            work->tool->name);
    }
    return SERVE_OWN;
}

static gboolean
pick_dead_or_inert (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
                    gconstpointer data)
{
    (void) work;
    (void) data;
    return row->dead != NULL || ((entry->flags & PRC_ENTRY_INERT) != 0 &&
                                 (prc_role_is_proxy (row->role) || row->role == PRC_ROLE_USER ||
                                  row->role == PRC_ROLE_PASSWORD));
}

static gboolean
pick_removable (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
                gconstpointer data)
{
    if (pick_dead_or_inert (work, entry, row, data))
        return TRUE;
    if ((entry->flags & (PRC_ENTRY_DYNAMIC | PRC_ENTRY_CONDITIONAL)) != 0)
        return FALSE;
    return row->write == PRC_WRITE_REMOVE;
}

/* In a file that is not the one chosen: what would double or beat it goes. */
static gboolean
pick_in_other_file (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
                    gconstpointer data)
{
    const PrcProfile *profile = work->options->wanted->profile;

    if (pick_removable (work, entry, row, data))
        return TRUE;
    if ((entry->flags & (PRC_ENTRY_DYNAMIC | PRC_ENTRY_CONDITIONAL)) != 0 ||
        (row->write != PRC_WRITE_ALWAYS && row->write != PRC_WRITE_PRESENT))
        return FALSE;
    switch (row->role) {
    case PRC_ROLE_HTTP:
    case PRC_ROLE_HTTPS:
    case PRC_ROLE_ALL:
    case PRC_ROLE_USER:
    case PRC_ROLE_PASSWORD:
        return TRUE;
    case PRC_ROLE_NO_PROXY:
        return profile->is_direct || profile->no_proxy != NULL;
    case PRC_ROLE_AUTH:
        return profile->auth != NULL;
    case PRC_ROLE_CA:
    default:
        return profile->ca != NULL;
    }
}

/* In the chosen file of a tool that takes the proxy from the environment: its other settings are
 * brought about where they stand. */
static gboolean
pick_inherited (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
                gconstpointer data)
{
    if (row->role == PRC_ROLE_AUTH || row->role == PRC_ROLE_CA)
        return pick_removable (work, entry, row, data);
    return pick_in_other_file (work, entry, row, data);
}

static void
name_dead_settings (PrcToolPlan *work, const PrcFileEdit *edit)
{
    const GPtrArray *entries = prc_document_entries (edit->doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key);

        if (row == NULL || !pick_dead_or_inert (work, entry, row, NULL))
            continue;
        prc_tool_plan_note (work, PRC_NOTE_INFO, edit->file, entry->line,
                            /* Translators: a key, and a sentence that says why */
                            _ ("%s never worked here and is removed: %s"), entry->key,
                            row->dead != NULL       ? _ (row->dead)
                            : entry->detail != NULL ? entry->detail
                                                    : _ ("it is not read"));
    }
}

static gboolean
is_wanted_in_target (const PrcToolKey *row, Serve serve)
{
    if (row->write != PRC_WRITE_ALWAYS && row->write != PRC_WRITE_PRESENT)
        return FALSE;
    return (serve != SERVE_INHERIT && serve != SERVE_NOT) ||
           (!prc_role_is_proxy (row->role) && row->role != PRC_ROLE_NO_PROXY);
}

static gboolean
has_key (const PrcDocument *doc, const char *key)
{
    return prc_document_lookup (doc, key, NULL) != PRC_LOOKUP_NONE;
}

static gboolean
fill_target (PrcToolPlan *work, PrcFileEdit *edit, Serve serve, GError **error)
{
    if (!prc_tool_plan_remove_if (work, edit, pick_removable, NULL, error))
        return FALSE;
    for (guint i = 0; i < work->tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (work->tool->keys, i);

        if (!is_wanted_in_target (row, serve) ||
            (row->write == PRC_WRITE_PRESENT && !has_key (edit->doc, row->key)))
            continue;
        if (!prc_tool_plan_bring (work, edit, row, serve == SERVE_BARE, error))
            return FALSE;
    }
    return TRUE;
}

/* Everything in files that are not the chosen one: stale copies go, special ones are refreshed. */
static gboolean
clean_file (PrcToolPlan *work, PrcFoundFile *file, const PrcFoundFile *target, gboolean conditional,
            GError **error)
{
    PrcFileEdit *edit = prc_tool_plan_edit (work, file);

    name_dead_settings (work, edit);
    if (file == target)
        return prc_tool_plan_refresh (work, edit, FALSE, error);
    if (conditional)
        return prc_tool_plan_remove_if (work, edit, pick_dead_or_inert, NULL, error) &&
               prc_tool_plan_refresh (work, edit, TRUE, error);
    return prc_tool_plan_remove_if (work, edit, pick_in_other_file, NULL, error) &&
           prc_tool_plan_refresh (work, edit, FALSE, error);
}

static gboolean
is_conditional_file (const PrcToolPlan *work, const PrcFoundFile *file)
{
    gboolean is_read = FALSE;

    for (guint i = 0; i < work->found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (work->found->readings, PrcReading, i);

        if (reading->file == file && !reading->is_conditional)
            return FALSE;
        is_read = is_read || reading->file == file;
    }
    return is_read;
}

typedef struct {
    const char *key, *path, *shown; /* the path as a person writes it */
} Include;

static gboolean
includes_file (const PrcEntry *entry, gpointer data)
{
    const Include *include = data;

    return strcmp (entry->key, include->key) == 0 && entry->value != NULL &&
           (strcmp (entry->value, include->shown) == 0 ||
            strcmp (entry->value, include->path) == 0);
}

/* Our own file that holds nothing any more goes, and so does the line that reads it. */
static gboolean
drop_empty_include (PrcToolPlan *work, GError **error)
{
    g_autofree char *path = include_path (work);
    const PrcFoundFile *own = path != NULL ? prc_tool_plan_find_file (work, path) : NULL;
    PrcFileEdit *edit = own != NULL ? prc_tool_plan_edit (work, own) : NULL;
    g_autofree char *shown = NULL;
    Include include;

    if (edit == NULL || prc_document_entries (edit->doc)->len > 0)
        return TRUE;
    edit->remove = TRUE;
    shown = prc_place_show (work->options->place, path);
    include = (Include){ work->tool->include_key, path, shown };
    for (guint f = 0; f < work->found->files->len; f++) {
        const PrcFoundFile *file = g_ptr_array_index (work->found->files, f);

        if (file != own && file->doc != NULL && prc_tool_plan_covers (work, file) &&
            !prc_tool_plan_remove (prc_tool_plan_edit (work, file), includes_file, &include, error))
            return FALSE;
    }
    return TRUE;
}

/* The chosen file may not hold the secret: another one that it reads, or none. */
static const PrcFoundFile *
find_secret_target (PrcToolPlan *work, const PrcFoundFile *target, Serve *serve, GError **error)
{
    if (*serve != SERVE_OWN || !prc_wanted_has_secret (work->options->wanted) ||
        work->options->wanted->profile->is_direct || prc_tool_plan_may_hold_secret (work, target))
        return target;
    if (work->tool->include_key != NULL && !target->is_include)
        return use_include (work, target, error);
    if (may_inherit (work)) {
        prc_tool_plan_note (
            work, PRC_NOTE_INFO, target, 0,
            /* Translators: the first %s is a whole sentence: why the file gets no secret */
            _ ("%s, so it gets no secret: %s takes the proxy from the environment"),
            prc_found_file_why_no_secret (target), work->tool->name);
        *serve = SERVE_INHERIT;
        return target;
    }
    prc_tool_plan_note (
        work, PRC_NOTE_UNSERVED, target, 0,
        /* Translators: the first %s is a whole sentence: why the file gets no secret */
        _ ("%s, so it gets no secret, and %s can't take the proxy from the environment "
           "here; --allow-exposed writes it all the same"),
        prc_found_file_why_no_secret (target), work->tool->name);
    *serve = SERVE_BARE;
    return target;
}

/* What this plan may not change, and what then beats what it writes, or is there instead of the
 * environment's. */
static void
note_system_settings (PrcToolPlan *work, Serve serve)
{
    gboolean writes_own = serve == SERVE_OWN || serve == SERVE_BARE;

    for (guint i = 0; i < work->found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (work->found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcToolKey *row = prc_tool_find_key (work->tool, entry->key);

        if (row == NULL || row->dead != NULL || !prc_role_is_proxy (row->role) ||
            reading->file->scope != PRC_SCOPE_SYSTEM || work->options->with_system ||
            reading->is_again || reading->is_conditional || entry->kind != PRC_ENTRY_SET ||
            (entry->flags & PRC_ENTRY_INERT) != 0 || g_strcmp0 (entry->value, "") == 0 ||
            (writes_own && row->write != PRC_WRITE_REMOVE) ||
            prc_wanted_compare (work->options->wanted, row, work->dialect, serve == SERVE_BARE,
                                entry->value) == PRC_AGREES)
            continue;
        prc_tool_plan_note (work, PRC_NOTE_LEFT, reading->file, entry->line,
                            _ ("%s, for the whole system, has another proxy and counts more; "
                               "--system changes it"),
                            entry->key);
    }
}

static gboolean
bring_reference (PrcToolPlan *work, const PrcFoundFile *target, Serve serve, GError **error)
{
    gboolean asks = serve == SERVE_OWN && work->placement == PRC_PLACEMENT_REFERENCE &&
                    has_credential (work) && !work->credential->profile->is_direct;

    return work->tool->reference_kind != PRC_REFERENCE_HELPER ||
           prc_tool_plan_bring_helper (work, asks ? target : NULL, error);
}

gboolean
prc_plan_ordinary_tool (PrcToolPlan *work, GError **error)
{
    const PrcFoundFile *target = find_winning_file (work);
    Serve serve = choose_service (work);

    if (target == NULL)
        target = find_default_file (work);
    if (target == NULL) {
        prc_tool_plan_note (work, PRC_NOTE_UNSERVED, NULL, 0, _ ("%s has no file to write to here"),
                            work->tool->name);
        return TRUE;
    }
    for (guint i = 0; i < work->found->files->len; i++) {
        PrcFoundFile *file = g_ptr_array_index (work->found->files, i);
        if (file->doc != NULL && prc_tool_plan_covers (work, file) &&
            !clean_file (work, file, target, is_conditional_file (work, file), error))
            return FALSE;
    }
    if (serve == SERVE_OWN && !is_own_include (work, target)) {
        const PrcFoundFile *chosen = find_secret_target (work, target, &serve, error);

        if (chosen == NULL)
            return FALSE;
        if (chosen != target) {
            PrcFileEdit *edit = prc_tool_plan_edit (work, target);

            if (!prc_tool_plan_remove_if (work, edit, pick_in_other_file, NULL, error))
                return FALSE;
            target = chosen;
        }
    }
    if (serve == SERVE_INHERIT || serve == SERVE_NOT) {
        PrcFileEdit *edit = prc_tool_plan_edit (work, target);

        if (!prc_tool_plan_remove_if (work, edit, pick_inherited, NULL, error))
            return FALSE;
    }
    if (!fill_target (work, prc_tool_plan_edit (work, target), serve, error) ||
        !bring_reference (work, target, serve, error))
        return FALSE;
    work->inherits = serve == SERVE_INHERIT;
    prc_tool_plan_explain_no_proxy (work);
    if (!work->options->wanted->profile->is_direct)
        note_system_settings (work, serve);
    return drop_empty_include (work, error);
}
