/* complete-values.c - the names that are there: profiles, tools, transactions, topics, keys */
#include <string.h>

#include "app/explain.h"
#include "app/file-edit.h"
#include "app/history.h"
#include "app/profiles.h"
#include "app/stores.h"
#include "app/tools.h"
#include "base/i18n.h"
#include "cli/complete.h"
#include "model/mask.h"
#include "model/profile-keys.h"

/* Fixed words */

typedef struct {
    const char *word;
    const char *what; /* N_() */
} Word;

static void
add_words (PrcCompletion *completion, const Word *words, gsize n)
{
    for (gsize i = 0; i < n; i++)
        prc_completion_add (completion, words[i].word, _ (words[i].what));
}

static void
add_names (PrcCompletion *completion, char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++)
        prc_completion_add (completion, *name, NULL);
}

void
prc_complete_file (PrcCompletion *completion)
{
    completion->and_also = "files";
}

void
prc_complete_folder (PrcCompletion *completion)
{
    completion->and_also = "folders";
}

void
prc_complete_shell (PrcCompletion *completion)
{
    static const Word words[] = { { "sh", N_ ("bash, zsh, dash") },
                                  { "fish", N_ ("fish") },
                                  { "csh", N_ ("csh, tcsh") } };

    add_words (completion, words, G_N_ELEMENTS (words));
}

void
prc_complete_color (PrcCompletion *completion)
{
    static const Word words[] = { { "auto", N_ ("on a terminal") },
                                  { "always", N_ ("also into a pipe") },
                                  { "never", N_ ("no colour") } };

    add_words (completion, words, G_N_ELEMENTS (words));
}

void
prc_complete_duration (PrcCompletion *completion)
{
    static const Word words[] = { { "30m", N_ ("half an hour") },
                                  { "8h", N_ ("a working day") },
                                  { "1d", N_ ("a day") } };

    add_words (completion, words, G_N_ELEMENTS (words));
}

void
prc_complete_credential_verb (PrcCompletion *completion)
{
    static const Word words[] = { { "get", N_ ("print the user and the password") },
                                  { "store", N_ ("changes nothing") },
                                  { "erase", N_ ("changes nothing") } };

    if (completion->n_arguments == 0)
        add_words (completion, words, G_N_ELEMENTS (words));
}

void
prc_complete_store (PrcCompletion *completion)
{
    g_auto (GStrv) names = prc_store_names ();

    add_names (completion, names);
}

void
prc_complete_format (PrcCompletion *completion)
{
    g_autofree char *all = prc_format_names ();
    g_auto (GStrv) names = g_strsplit (all, ", ", -1);

    add_names (completion, names);
}

void
prc_complete_topic (PrcCompletion *completion)
{
    for (int group = 0; group < PRC_N_TOPIC_GROUPS && completion->n_arguments == 0; group++) {
        gsize n = 0;
        const PrcTopic *topics = prc_topics (group, &n);

        for (gsize i = 0; i < n; i++)
            prc_completion_add (completion, topics[i].name, _ (topics[i].title));
    }
}

/* Tools */

/* @skip: (nullable): names that are there already */
static void
add_tools (PrcCompletion *completion, char **skip)
{
    PrcSession *session = prc_completion_session (completion);
    const PrcCatalogue *catalogue = session != NULL ? prc_session_catalogue (session, NULL) : NULL;

    for (guint i = 0; catalogue != NULL && i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (skip == NULL || !g_strv_contains ((const char *const *) skip, tool->name))
            prc_completion_add (completion, tool->name, _ (tool->summary));
    }
}

void
prc_complete_tool (PrcCompletion *completion)
{
    if (completion->n_arguments == 0)
        add_tools (completion, NULL);
}

void
prc_complete_tools (PrcCompletion *completion)
{
    add_tools (completion, completion->arguments);
}

void
prc_complete_tool_list (PrcCompletion *completion)
{
    const char *comma = strrchr (completion->word, ',');
    g_auto (GStrv) before = g_strsplit (completion->word, ",", -1);

    if (comma != NULL)
        prc_completion_descend (completion, (gsize) (comma + 1 - completion->word));
    add_tools (completion, before);
}

/* Profiles */

static char *
describe (const PrcProfile *profile)
{
    if (profile->is_direct)
        return g_strdup (_ ("no proxy anywhere"));
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        char *value = prc_profile_get (profile, *key); /* the first three are the proxies */

        if (value != NULL)
            return value;
    }
    return g_strdup ("");
}

static const GPtrArray *
load_rows (PrcCompletion *completion, PrcProfiles **ret_profiles)
{
    PrcSession *session = prc_completion_session (completion);

    *ret_profiles = session != NULL ? prc_profiles_load (session, NULL) : NULL;
    return *ret_profiles != NULL ? prc_profiles_rows (*ret_profiles) : NULL;
}

static void
add_profiles (PrcCompletion *completion, gboolean with_direct)
{
    g_autoptr (PrcProfiles) profiles = NULL;
    const GPtrArray *rows = load_rows (completion, &profiles);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const PrcProfileRow *row = g_ptr_array_index (rows, i);
        g_autofree char *what = describe (row->profile);

        if (with_direct || !row->profile->is_direct)
            prc_completion_add (completion, row->profile->name, what);
    }
}

void
prc_complete_profile (PrcCompletion *completion)
{
    add_profiles (completion, TRUE);
}

void
prc_complete_own_profile (PrcCompletion *completion)
{
    add_profiles (completion, FALSE);
}

/* What the profiles have for a key. @only: (nullable): this profile's */
static void
add_values (PrcCompletion *completion, const char *key, const char *only)
{
    g_autoptr (PrcProfiles) profiles = NULL;
    const GPtrArray *rows = load_rows (completion, &profiles);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const PrcProfileRow *row = g_ptr_array_index (rows, i);
        char *value = prc_profile_get (row->profile, key);

        if (value == NULL || *value == '\0' ||
            (only != NULL && strcmp (row->profile->name, only) != 0))
            g_free (value);
        else if (g_hash_table_add (seen, value))
            prc_completion_add (completion, value, row->profile->name);
    }
}

void
prc_complete_user (PrcCompletion *completion)
{
    add_values (completion, "user", NULL);
}

/* A word for all tools, and TOOL=WORD for single ones, with commas between. */
static void
complete_placement (PrcCompletion *completion, const PrcProfileKey *key)
{
    PrcSession *session = prc_completion_session (completion);
    const PrcCatalogue *catalogue = session != NULL ? prc_session_catalogue (session, NULL) : NULL;
    const char *comma = strrchr (completion->word, ',');
    const char *equals = NULL;

    if (comma != NULL)
        prc_completion_descend (completion, (gsize) (comma + 1 - completion->word));
    equals = strchr (completion->word, '=');
    if (equals != NULL)
        prc_completion_descend (completion, (gsize) (equals + 1 - completion->word));
    add_names (completion, (char **) key->words);
    for (guint i = 0; catalogue != NULL && equals == NULL && i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);
        g_autofree char *start = g_strconcat (tool->name, "=", NULL);

        prc_completion_add (completion, start, _ (tool->summary));
    }
}

static void
complete_value_of_key (PrcCompletion *completion, const PrcProfileKey *key, const char *profile)
{
    prc_completion_descend (completion, strlen (key->name) + 1);
    if (strcmp (key->name, "tools") == 0)
        prc_complete_tool_list (completion);
    else if (strcmp (key->name, "store") == 0)
        prc_complete_store (completion);
    else if (strcmp (key->name, "ca") == 0)
        prc_complete_file (completion);
    else if (strcmp (key->name, "placement") == 0)
        complete_placement (completion, key);
    else if (key->words != NULL)
        add_names (completion, (char **) key->words);
    else
        add_values (completion, key->name, profile); /* as it is, to be changed */
}

static void
complete_pair (PrcCompletion *completion)
{
    gsize n = 0;
    const PrcProfileKey *keys = prc_profile_key_rows (&n);
    const char *equals = strchr (completion->word, '=');

    for (gsize i = 0; i < n; i++) {
        g_autofree char *start = g_strconcat (keys[i].name, "=", NULL);
        gboolean is_given = FALSE;

        if (equals != NULL && g_str_has_prefix (completion->word, start)) {
            complete_value_of_key (completion, &keys[i], completion->arguments[1]);
            return;
        }
        for (guint k = 2; k < completion->n_arguments; k++)
            is_given = is_given || g_str_has_prefix (completion->arguments[k], start);
        if (!is_given)
            prc_completion_add (completion, start, _ (keys[i].what));
    }
}

void
prc_complete_profile_words (PrcCompletion *completion)
{
    static const Word verbs[] = {
        { "list", N_ ("all of them") },
        { "show", N_ ("one of them") },
        { "add", N_ ("a new one") },
        { "set", N_ ("change one") },
        { "remove", N_ ("take one away") },
        { "import", N_ ("make one from what is found on this machine") },
    };
    const char *verb = completion->arguments[0];

    if (completion->n_arguments == 0)
        add_words (completion, verbs, G_N_ELEMENTS (verbs));
    else if (completion->n_arguments == 1 && strcmp (verb, "show") == 0)
        add_profiles (completion, TRUE);
    else if (completion->n_arguments == 1 &&
             (strcmp (verb, "set") == 0 || strcmp (verb, "remove") == 0))
        add_profiles (completion, FALSE);
    else if (completion->n_arguments >= 2 &&
             (strcmp (verb, "add") == 0 || strcmp (verb, "set") == 0))
        complete_pair (completion);
}

/* What can be undone */

void
prc_complete_transaction (PrcCompletion *completion)
{
    PrcSession *session = prc_completion_session (completion);
    g_autoptr (GPtrArray) entries =
        session != NULL ? prc_session_history (session, NULL, NULL) : NULL;

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const PrcHistoryEntry *entry = g_ptr_array_index (entries, i);

        if (!entry->undone && !entry->interrupted)
            prc_completion_add (completion, entry->id, entry->label);
    }
}

/* Files */

/* The keys that the tools of the catalogue have in files of this format. */
static void
add_keys_of_format (PrcCompletion *completion, const char *format)
{
    PrcSession *session = prc_completion_session (completion);
    g_autoptr (GPtrArray) tools = session != NULL ? prc_tools (session, NULL, NULL) : NULL;

    for (guint i = 0; tools != NULL && i < tools->len; i++) {
        const PrcToolInfo *tool = g_ptr_array_index (tools, i);
        gboolean has_format = FALSE;

        for (guint k = 0; k < tool->places->len && !has_format; k++)
            has_format = strcmp (((PrcToolPlaceRow *) g_ptr_array_index (tool->places, k))->format,
                                 format) == 0;
        for (guint k = 0; has_format && k < tool->roles->len; k++) {
            const PrcToolRoleRow *row = g_ptr_array_index (tool->roles, k);

            if (strchr (row->key, '*') == NULL && row->note == NULL)
                prc_completion_add (completion, row->key, row->role);
        }
    }
}

static void
add_keys_of_file (PrcCompletion *completion, const char *format, const char *path)
{
    g_autoptr (GPtrArray) rows = prc_file_list (format, path, NULL);
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const PrcEntryRow *row = g_ptr_array_index (rows, i);
        g_autofree char *masked = prc_mask_urls (row->key);

        /* A key may be made of a URL with a password. */
        if (strcmp (masked, row->key) == 0 && g_hash_table_add (seen, row->key))
            prc_completion_add (completion, row->key, NULL);
    }
}

void
prc_complete_file_words (PrcCompletion *completion)
{
    static const Word verbs[] = { { "list", N_ ("all entries of a file") },
                                  { "get", N_ ("the value that the tool would use") },
                                  { "set", N_ ("give a key a value") },
                                  { "unset", N_ ("take a key away") } };
    const char *format = completion->options.format;

    if (completion->n_arguments == 0)
        add_words (completion, verbs, G_N_ELEMENTS (verbs));
    else if (completion->n_arguments == 1)
        prc_complete_file (completion);
    else if (completion->n_arguments == 2 && format != NULL &&
             strcmp (completion->arguments[0], "set") == 0)
        add_keys_of_format (completion, format);
    else if (completion->n_arguments == 2 && format != NULL &&
             strcmp (completion->arguments[0], "list") != 0)
        add_keys_of_file (completion, format, completion->arguments[1]);
}
