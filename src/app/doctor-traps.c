/* Rules about settings that do not do what they look like, whatever the profile says. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/doctor-internal.h"
#include "base/i18n.h"

static const PrcToolKey *
proxy_key (const PrcFound *found, const PrcEntry *entry)
{
    const PrcToolKey *row = prc_tool_find_key (found->tool, entry->key);

    return row != NULL && prc_role_is_proxy (row->role) ? row : NULL;
}

static gboolean
is_system (const PrcReading *reading)
{
    return reading->file->scope == PRC_SCOPE_SYSTEM;
}

/* Keys that the tool does not have, or does not read where they stand */

static gboolean
may_hold_password (const PrcEntry *entry)
{
    return entry->value != NULL && strchr (entry->value, '@') != NULL;
}

static void
dead_key (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
          const PrcEntry *entry)
{
    const PrcToolKey *row = prc_tool_find_key (found->tool, entry->key);
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);
    gboolean is_copy = may_hold_password (entry);
    const char *why = NULL, *text = NULL;

    if (row == NULL || entry->kind != PRC_ENTRY_SET)
        return;
    /* Translators: in these a key, and a whole clause that says why */
    if (row->dead != NULL) {
        why = _ (row->dead);
        text = is_copy ? _ ("%s has no effect: %s; it is one more copy of a password")
                       : _ ("%s has no effect: %s");
    } else if ((entry->flags & PRC_ENTRY_INERT) != 0) {
        why = entry->detail != NULL ? entry->detail : _ ("it is never read");
        text = is_copy ? _ ("%s has no effect here: %s; it is one more copy of a password")
                       : _ ("%s has no effect here: %s");
    }
    if (text != NULL)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        prc_remedy_unset (doctor, reading->file, entry->key), text, entry->key,
                        why);
}

void
prc_doctor_dead_keys (PrcDoctor *doctor)
{
    prc_doctor_each_entry (doctor, dead_key);
}

/* The same key twice */

static const PrcEntry *
first_of_key (const PrcReading *reading, const PrcEntry *entry)
{
    const GPtrArray *entries = prc_document_entries (reading->file->doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *other = g_ptr_array_index (entries, i);

        if (other == entry)
            return NULL;
        if (strcmp (other->key, entry->key) == 0 && other->kind == PRC_ENTRY_SET &&
            (other->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_INERT | PRC_ENTRY_LIST)) == 0)
            return other;
    }
    return NULL;
}

static void
duplicate (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
           const PrcEntry *entry)
{
    const PrcEntry *first = NULL;
    g_autofree char *where = NULL;

    if (proxy_key (found, entry) == NULL || entry->kind != PRC_ENTRY_SET ||
        (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_INERT | PRC_ENTRY_LIST)) != 0)
        return;
    first = first_of_key (reading, entry);
    if (first == NULL || g_strcmp0 (first->value, entry->value) == 0)
        return;
    where = prc_doctor_where (reading->file, entry->line);
    prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                    found->tool->writes ? prc_remedy_apply (doctor, is_system (reading))
                                        : prc_remedy_unset (doctor, reading->file, entry->key),
                    _ ("%s stands here and in line %u, with different values; only the last one "
                       "counts"),
                    entry->key, first->line);
}

void
prc_doctor_duplicates (PrcDoctor *doctor)
{
    prc_doctor_each_entry (doctor, duplicate);
}

/* Control characters in a password: libcurl then leaves the proxy out, without a word */

static gboolean
has_control_in_userinfo (const char *value)
{
    const char *start = strstr (value, "://"), *end = strrchr (value, '@');

    start = start != NULL ? start + 3 : value;
    for (const char *p = start; end != NULL && p < end; p++) {
        if ((guchar) *p < 0x20 || *p == 0x7F)
            return TRUE;
        if (*p == '%' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2])) {
            int byte = g_ascii_xdigit_value (p[1]) * 16 + g_ascii_xdigit_value (p[2]);

            if (byte < 0x20 || byte == 0x7F)
                return TRUE;
        }
    }
    return FALSE;
}

static void
control_character (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
                   const PrcEntry *entry)
{
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);

    if (proxy_key (found, entry) != NULL && entry->value != NULL &&
        has_control_in_userinfo (entry->value))
        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                        doctor->profile != NULL && found->tool->writes
                            ? prc_remedy_apply (doctor, is_system (reading))
                            : prc_remedy_unset (doctor, reading->file, entry->key),
                        _ ("the user or password in %s holds a control character: curl and what is "
                           "built on it then go past the proxy without a word"),
                        entry->key);
}

void
prc_doctor_control_characters (PrcDoctor *doctor)
{
    prc_doctor_each_entry (doctor, control_character);
}

/* Upper and lower case, and what this shell has */

static const char *const cases[][2] = {
    { "http_proxy", "HTTP_PROXY" },
    { "https_proxy", "HTTPS_PROXY" },
    { "no_proxy", "NO_PROXY" },
};

static void
compare_cases (PrcDoctor *doctor, const char *const pair[2], const char *lower, const char *upper,
               const char *where, gboolean is_shell)
{
    g_autofree char *copy =
        prc_remedy_copy_variable (doctor, pair[lower == NULL ? 0 : 1], pair[lower == NULL ? 1 : 0]);
    gboolean has_upper = upper != NULL && *upper != '\0',
             has_lower = lower != NULL && *lower != '\0';

    if (has_upper && !has_lower)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        is_shell ? g_strdup (copy) : prc_remedy_apply (doctor, FALSE),
                        strcmp (pair[0], "http_proxy") == 0
                            ? _ ("only %2$s is set: curl, git and wget read %1$s in small letters "
                                 "alone, and go without a proxy")
                            : _ ("only %2$s is set: wget and apt read %1$s in small letters alone"),
                        pair[0], pair[1]);
    else if (has_upper && strcmp (lower, upper) != 0)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        is_shell ? g_strdup (copy) : prc_remedy_apply (doctor, FALSE),
                        _ ("%s and %s differ: some tools take the one, some the other"), pair[0],
                        pair[1]);
}

/* Start-up files compute it, or set it on a condition or in a function: nobody knows to what. */
static gboolean
is_computed (const PrcDoctor *doctor, const char *name)
{
    for (guint i = 0; doctor->status != NULL && i < doctor->status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (doctor->status->settings, i);

        if (strcmp (row->key, name) == 0 && strcmp (row->state, "dynamic") == 0)
            return TRUE;
    }
    return FALSE;
}

void
prc_doctor_letter_case (PrcDoctor *doctor)
{
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const PrcReading *lower_at = NULL, *upper_at = NULL;
        const char *lower = prc_doctor_login_value (doctor, cases[i][0], &lower_at);
        const char *upper = prc_doctor_login_value (doctor, cases[i][1], &upper_at);
        g_autofree char *shell = g_strdup_printf (_ ("%s of this shell"), cases[i][1]);

        if (upper != NULL && !is_computed (doctor, cases[i][0]) &&
            !is_computed (doctor, cases[i][1])) {
            g_autofree char *where =
                prc_doctor_where (upper_at->file, prc_reading_entry (upper_at)->line);

            compare_cases (doctor, cases[i], lower, upper, where, FALSE);
        }
        compare_cases (doctor, cases[i], prc_doctor_variable (doctor, cases[i][0]),
                       prc_doctor_variable (doctor, cases[i][1]), shell, TRUE);
    }
}

/* no_proxy */

static gboolean
has_star_entry (const char *list)
{
    g_auto (GStrv) entries = g_strsplit (list, ",", -1);

    for (char **entry = entries; *entry != NULL; entry++)
        if (strchr (g_strstrip (*entry), '*') != NULL && strcmp (*entry, "*") != 0)
            return TRUE;
    return FALSE;
}

/* "*.example.com" is written ".example.com". */
static char *
without_stars (const char *list)
{
    g_auto (GStrv) entries = g_strsplit (list, ",", -1);
    GString *text = g_string_new (NULL);

    for (char **entry = entries; *entry != NULL; entry++) {
        const char *plain = g_strstrip (*entry);

        while (plain[0] == '*' && plain[1] != '\0')
            plain++;
        if (*plain != '\0' && strcmp (plain, ".") != 0)
            g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", plain);
    }
    return g_string_free (text, FALSE);
}

#define STAR_TEXT                                                                                  \
    _ ("%s has an entry with a `*`, which curl, git, wget, npm and pip do not understand: the "    \
       "hosts go through the proxy; a dot at the beginning means the same to all")

static void
star_entry (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
            const PrcEntry *entry)
{
    const PrcToolKey *row = prc_tool_find_key (found->tool, entry->key);
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);

    if (row != NULL && row->role == PRC_ROLE_NO_PROXY && entry->kind == PRC_ENTRY_SET &&
        entry->value != NULL && has_star_entry (entry->value))
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        found->tool->writes && !prc_doctor_agrees (doctor, reading, entry)
                            ? prc_remedy_apply (doctor, is_system (reading))
                            : prc_remedy_unset (doctor, reading->file, entry->key),
                        STAR_TEXT, entry->key);
}

void
prc_doctor_no_proxy_star (PrcDoctor *doctor)
{
    const char *in_profile = doctor->profile != NULL ? doctor->profile->no_proxy_text : NULL;
    static const char *const names[] = { "no_proxy", "NO_PROXY" };

    if (in_profile != NULL && has_star_entry (in_profile)) {
        g_autofree char *plain = without_stars (in_profile);
        g_autofree char *pair = g_strconcat ("no_proxy=", plain, NULL);
        g_autofree char *where = g_strdup_printf (_ ("profile “%s”"), doctor->profile->name);

        prc_doctor_add (
            doctor, PRC_SEVERITY_WARNING, where,
            prc_remedy_own (doctor, "profile", "set", doctor->profile->name, pair, NULL), STAR_TEXT,
            "no_proxy");
    }
    prc_doctor_each_entry (doctor, star_entry);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        const char *value = prc_doctor_variable (doctor, names[i]);
        g_autofree char *where = g_strdup_printf (_ ("%s of this shell"), names[i]);

        if (value != NULL && has_star_entry (value)) {
            g_autofree char *plain = without_stars (value);

            prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                            prc_remedy_set_variable (doctor, names[i], plain), STAR_TEXT, names[i]);
        }
    }
}

static gboolean
is_given (const char *value)
{
    return value != NULL && *value != '\0';
}

static void
own_proxy_of_pip (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
                  const PrcEntry *entry)
{
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);
    char *remedy = NULL;

    if (found->tool->no_proxy_source != PRC_NO_PROXY_ENVIRONMENT_ONLY ||
        proxy_key (found, entry) == NULL || !is_given (entry->value))
        return;
    if (prc_doctor_agrees (doctor, reading, entry)) /* there is no other way for this password */
        remedy = prc_remedy_explain (doctor, "no_proxy");
    else if (doctor->profile != NULL && !doctor->profile->is_direct)
        remedy = prc_remedy_apply (doctor, is_system (reading));
    else
        remedy = prc_remedy_unset (doctor, reading->file, entry->key);
    prc_doctor_add (doctor,
                    prc_doctor_agrees (doctor, reading, entry) ? PRC_SEVERITY_NOTICE
                                                               : PRC_SEVERITY_WARNING,
                    where, remedy,
                    _ ("with a proxy in its own file %s ignores no_proxy altogether: hosts that "
                       "should be reached directly go through the proxy"),
                    found->tool->name);
}

void
prc_doctor_no_proxy_pip (PrcDoctor *doctor)
{
    const PrcReading *at = NULL;
    const PrcProfile *profile = doctor->profile;

    if (is_given (prc_doctor_login_value (doctor, "no_proxy", &at)) ||
        is_given (prc_doctor_variable (doctor, "no_proxy")) ||
        (profile != NULL && is_given (profile->no_proxy_text)))
        prc_doctor_each_entry (doctor, own_proxy_of_pip);
}

/* Certificates */

static void
missing_ca_file (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
                 const PrcEntry *entry)
{
    const PrcToolKey *row = prc_tool_find_key (found->tool, entry->key);
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);
    struct stat st;

    if (row == NULL || row->role != PRC_ROLE_CA || entry->value == NULL || *entry->value != '/' ||
        (stat (entry->value, &st) == 0 && S_ISREG (st.st_mode) && access (entry->value, R_OK) == 0))
        return;
    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                    prc_remedy_unset (doctor, reading->file, entry->key),
                    _ ("%s names a CA file that is not there or can't be read: %s then trusts "
                       "nothing, or not what you think"),
                    entry->key, found->tool->name);
}

/* What counts more than the setting that the profile writes: seen by experiment. */
static const struct {
    const char *variable, *tool;
} beats_ca[] = {
    { "REQUESTS_CA_BUNDLE", "pip" },
    { "CURL_CA_BUNDLE", "pip" },
    { "GIT_SSL_CAINFO", "git" },
};

static void
compare_ca_variables (PrcDoctor *doctor, const char *ca)
{
    for (gsize i = 0; i < G_N_ELEMENTS (beats_ca); i++) {
        const char *value = prc_doctor_variable (doctor, beats_ca[i].variable);
        g_autofree char *where = g_strdup_printf (_ ("%s of this shell"), beats_ca[i].variable);

        if (is_given (value) && strcmp (value, ca) != 0)
            prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                            prc_remedy_set_variable (doctor, beats_ca[i].variable, ca),
                            _ ("%s takes the CA certificates of %s, not those of the profile"),
                            beats_ca[i].tool, beats_ca[i].variable);
    }
}

static void
npm_ca (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading, const PrcEntry *entry)
{
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);

    if (strcmp (found->tool->name, "npm") == 0 && strcmp (entry->key, "cafile") == 0 &&
        is_given (entry->value) && is_given (prc_doctor_variable (doctor, "NODE_EXTRA_CA_CERTS")) &&
        strcmp (entry->value, prc_doctor_variable (doctor, "NODE_EXTRA_CA_CERTS")) != 0)
        prc_doctor_add (doctor, PRC_SEVERITY_NOTICE, where, prc_remedy_explain (doctor, "ca"),
                        _ ("npm takes cafile; NODE_EXTRA_CA_CERTS then does nothing"));
}

void
prc_doctor_ca (PrcDoctor *doctor)
{
    const PrcProfile *profile = doctor->profile;

    if (profile != NULL && profile->ca != NULL) {
        g_autofree char *where = g_strdup_printf (_ ("profile “%s”"), profile->name);

        if (access (profile->ca, R_OK) != 0)
            prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                            prc_remedy_own (doctor, "profile", "set", profile->name, "ca=", NULL),
                            _ ("its CA file %s is not there or can't be read"), profile->ca);
        else
            compare_ca_variables (doctor, profile->ca);
    }
    prc_doctor_each_entry (doctor, missing_ca_file);
    prc_doctor_each_entry (doctor, npm_ca);
}

/* Certificates that nobody looks at */

static const struct {
    const char *tool, *key; /* a pattern */
    const char *value;      /* values that switch it off, with blanks between; NULL: any */
} unverified[] = {
    { "npm", "strict-ssl", "false" },
    { "git", "http.sslverify", "false no off 0" },      /* untranslated */
    { "git", "http.*.sslverify", "false no off 0" },    /* untranslated */
    { "git", "http.proxysslverify", "false no off 0" }, /* untranslated */
    { "curl", "insecure", NULL },
    { "curl", "proxy-insecure", NULL },
    { "wget", "check_certificate", "off no 0" }, /* untranslated */
    { "wget", "checkcertificate", "off no 0" },  /* untranslated */
};

static gboolean
is_one_of (const char *words, const char *value)
{
    g_auto (GStrv) list = g_strsplit (words, " ", -1);

    for (char **word = list; *word != NULL; word++)
        if (g_ascii_strcasecmp (*word, value) == 0)
            return TRUE;
    return FALSE;
}

static void
unverified_tls (PrcDoctor *doctor, const PrcFound *found, const PrcReading *reading,
                const PrcEntry *entry)
{
    g_autofree char *where = prc_doctor_where (reading->file, entry->line);

    for (gsize i = 0; i < G_N_ELEMENTS (unverified); i++)
        if (strcmp (found->tool->name, unverified[i].tool) == 0 &&
            g_pattern_match_simple (unverified[i].key, entry->key) &&
            (unverified[i].value == NULL ||
             (entry->value != NULL && is_one_of (unverified[i].value, entry->value))))
            prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                            prc_remedy_unset (doctor, reading->file, entry->key),
                            _ ("%s switches the checking of certificates off: anybody on the way "
                               "can read and change what %s sends; a company's CA belongs into the "
                               "profile (ca=FILE)"),
                            entry->key, found->tool->name);
}

void
prc_doctor_unverified_tls (PrcDoctor *doctor)
{
    static const struct {
        const char *name, *off; /* (nullable): any value */
    } variables[] = { { "NODE_TLS_REJECT_UNAUTHORIZED", "0" },
                      { "GIT_SSL_NO_VERIFY", NULL },
                      { "PYTHONHTTPSVERIFY", "0" },
                      { "npm_config_strict_ssl", "false" } };

    prc_doctor_each_entry (doctor, unverified_tls);
    for (gsize i = 0; i < G_N_ELEMENTS (variables); i++) {
        const char *value = prc_doctor_variable (doctor, variables[i].name);
        g_autofree char *where = g_strdup_printf (_ ("%s of this shell"), variables[i].name);

        if (is_given (value) && (variables[i].off == NULL || strcmp (value, variables[i].off) == 0))
            prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                            prc_remedy_unset_variable (doctor, variables[i].name),
                            _ ("%s switches the checking of certificates off"), variables[i].name);
    }
}
