#include "model/profile.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/profile-keys.h"

void
prc_profile_free (PrcProfile *profile)
{
    if (profile == NULL)
        return;
    g_free (profile->name);
    prc_proxy_url_free (profile->http);
    prc_proxy_url_free (profile->https);
    prc_proxy_url_free (profile->all);
    prc_no_proxy_free (profile->no_proxy);
    g_free (profile->no_proxy_text);
    g_free (profile->user);
    g_free (profile->auth);
    g_free (profile->ca);
    g_free (profile->placement);
    g_strfreev (profile->tools);
    g_free (profile->check_url);
    g_free (profile->store);
    g_free (profile);
}

PrcProfile *
prc_profile_new (const char *name)
{
    PrcProfile *profile = g_new0 (PrcProfile, 1);

    profile->name = g_strdup (name);
    profile->is_direct = g_str_equal (name, "direct");
    return profile;
}

static gboolean
refuse (GError **error, PrcError code, const char *key, const char *message)
{
    g_set_error (error, PRC_ERROR, code, "%s: %s", key, message);
    return FALSE;
}

static void
replace (char **place, const char *value)
{
    g_free (*place);
    *place = *value != '\0' ? g_strdup (value) : NULL;
}

/* One of the words, NULL-terminated; the message names them. */
static gboolean
set_word (char **place, const char *key, const char *value, const char *const *words,
          GError **error)
{
    g_autofree char *known = NULL;

    if (*value == '\0' || g_strv_contains (words, value)) {
        replace (place, value);
        return TRUE;
    }
    known = g_strjoinv (", ", (char **) words);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: must be one of %s"), key, known);
    return FALSE;
}

static gboolean
check_user (const char *key, const char *user, GError **error)
{
    if (prc_text_has_control (user))
        return refuse (error, PRC_ERROR_INPUT, key,
                       _ ("a user name can't hold control characters"));
    if (strchr (user, ':') != NULL)
        return refuse (
            error, PRC_ERROR_INPUT, key,
            _ ("a user name can't hold a ':' (RFC 7617: Basic authentication ends it there); "
               "give the password to `proxyrc login`"));
    return TRUE;
}

static gboolean
check_host (const char *key, const char *host, GError **error)
{
    g_autofree char *ascii = NULL;

    if (g_str_is_ascii (host))
        return TRUE;
    ascii = g_hostname_to_ascii (host);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 ascii != NULL
                     ? _ ("%s: the tools read a host name with other than ASCII letters "
                          "differently; write %s")
                     : _ ("%s: the host name is neither ASCII nor a valid international name"),
                 key, ascii);
    return FALSE;
}

static PrcProxyUrl **
proxy_place (PrcProfile *profile, const char *key)
{
    PrcRole role;

    if (!prc_role_from_name (key, &role))
        return NULL;
    if (role == PRC_ROLE_HTTP)
        return &profile->http;
    if (role == PRC_ROLE_HTTPS)
        return &profile->https;
    return role == PRC_ROLE_ALL ? &profile->all : NULL;
}

static gboolean
check_proxy (const PrcProfile *profile, const char *key, const PrcProxyUrl *url, GError **error)
{
    if (url->password != NULL)
        return refuse (
            error, PRC_ERROR_USAGE, key,
            _ ("a password does not belong into a profile: leave it out of the URL, and give it to "
               "`proxyrc login`, which asks for it or reads it with --password-stdin"));
    if (!url->has_port)
        return refuse (error, PRC_ERROR_INPUT, key,
                       _ ("the port is missing, and the tools would each take another: write "
                          "scheme://host:port"));
    if (!check_host (key, url->host, error))
        return FALSE;
    if (url->user == NULL || *url->user == '\0')
        return TRUE;
    if (!check_user (key, url->user, error))
        return FALSE;
    if (profile->user != NULL && !g_str_equal (profile->user, url->user))
        return refuse (error, PRC_ERROR_INPUT, key,
                       _ ("the user in the URL is another one than the profile's `user`"));
    return TRUE;
}

static gboolean
set_proxy (PrcProfile *profile, PrcProxyUrl **place, const char *key, const char *value,
           GError **error)
{
    g_autoptr (PrcProxyUrl) url = NULL;

    if (*value != '\0') {
        url = prc_proxy_url_parse (value, &prc_url_dialect_lenient, error);
        if (url == NULL) {
            g_prefix_error (error, "%s: ", key);
            return FALSE;
        }
        if (!check_proxy (profile, key, url, error))
            return FALSE;
        if (url->user != NULL && *url->user != '\0' && profile->user == NULL)
            profile->user = g_strdup (url->user);
        g_clear_pointer (&url->user, g_free);
    }
    prc_proxy_url_free (*place);
    *place = g_steal_pointer (&url);
    return TRUE;
}

static gboolean
set_no_proxy (PrcProfile *profile, const char *value, GError **error)
{
    g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (value, error);

    if (list == NULL)
        return FALSE;
    prc_no_proxy_free (profile->no_proxy);
    profile->no_proxy = prc_no_proxy_is_empty (list) ? NULL : g_steal_pointer (&list);
    replace (&profile->no_proxy_text, profile->no_proxy != NULL ? value : "");
    return TRUE;
}

static gboolean
set_user (PrcProfile *profile, const char *value, GError **error)
{
    if (!check_user ("user", value, error))
        return FALSE;
    replace (&profile->user, value);
    return TRUE;
}

static gboolean
set_auth (PrcProfile *profile, const char *value, GError **error)
{
    return set_word (&profile->auth, "auth", value, prc_profile_key_row ("auth")->words, error);
}

static gboolean
set_placement (PrcProfile *profile, const char *value, GError **error)
{
    g_autofree char *text = prc_placements_normalize (value, error);

    if (text != NULL)
        replace (&profile->placement, text);
    return text != NULL;
}

static gboolean
set_ca (PrcProfile *profile, const char *value, GError **error)
{
    if (*value != '\0' && *value != '/')
        return refuse (error, PRC_ERROR_INPUT, "ca", _ ("must be an absolute path"));
    replace (&profile->ca, value);
    return TRUE;
}

static gboolean
set_tools (PrcProfile *profile, const char *value, GError **error)
{
    g_auto (GStrv) words = g_strsplit_set (value, ", ", -1);
    g_autoptr (GPtrArray) tools = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; words[i] != NULL; i++) {
        if (words[i][0] == '\0' ||
            g_ptr_array_find_with_equal_func (tools, words[i], g_str_equal, NULL))
            continue;
        for (const char *p = words[i]; *p != '\0'; p++)
            if (!g_ascii_isalnum (*p) && strchr ("-_.", *p) == NULL)
                return refuse (error, PRC_ERROR_INPUT, "tools",
                               _ ("must be names of tools with commas between them"));
        g_ptr_array_add (tools, g_strdup (words[i]));
    }
    g_strfreev (profile->tools);
    profile->tools = NULL;
    if (tools->len > 0) {
        g_ptr_array_add (tools, NULL);
        profile->tools = (char **) g_ptr_array_free (g_steal_pointer (&tools), FALSE);
    }
    return TRUE;
}

static gboolean
set_check_url (PrcProfile *profile, const char *value, GError **error)
{
    gsize scheme = 0;

    if (g_ascii_strncasecmp (value, "http://", 7) == 0)
        scheme = 7;
    else if (g_ascii_strncasecmp (value, "https://", 8) == 0)
        scheme = 8;
    if (*value != '\0' && (scheme == 0 || strcspn (value + scheme, "/?#:@") == 0))
        return refuse (error, PRC_ERROR_INPUT, "check_url",
                       _ ("must be an http:// or https:// URL"));
    if (strchr (value, '@') != NULL)
        return refuse (error, PRC_ERROR_INPUT, "check_url",
                       _ ("must not hold a user or password ('@')"));
    if (strchr (value, ' ') != NULL)
        return refuse (error, PRC_ERROR_INPUT, "check_url", _ ("must not hold blanks"));
    replace (&profile->check_url, value);
    return TRUE;
}

static gboolean
set_store (PrcProfile *profile, const char *value, GError **error)
{
    for (const char *p = value; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && *p != '-')
            return refuse (error, PRC_ERROR_INPUT, "store",
                           _ ("must be the name of a store, such as vault"));
    replace (&profile->store, value);
    return TRUE;
}

static char *
get_user (const PrcProfile *profile)
{
    return g_strdup (profile->user);
}

static char *
get_auth (const PrcProfile *profile)
{
    return g_strdup (profile->auth);
}

static char *
get_ca (const PrcProfile *profile)
{
    return g_strdup (profile->ca);
}

static char *
get_placement (const PrcProfile *profile)
{
    return g_strdup (profile->placement);
}

static char *
get_no_proxy (const PrcProfile *profile)
{
    return g_strdup (profile->no_proxy_text);
}

static char *
get_tools (const PrcProfile *profile)
{
    return profile->tools != NULL ? g_strjoinv (",", profile->tools) : NULL;
}

static char *
get_check_url (const PrcProfile *profile)
{
    return g_strdup (profile->check_url);
}

static char *
get_store (const PrcProfile *profile)
{
    return g_strdup (profile->store);
}

/* The keys but for the three that are proxies. */
static const struct {
    const char *key;
    gboolean (*set) (PrcProfile *profile, const char *value, GError **error);
    char *(*get) (const PrcProfile *profile);
} fields[] = {
    { "no_proxy", set_no_proxy, get_no_proxy },
    { "user", set_user, get_user },
    { "auth", set_auth, get_auth },
    { "ca", set_ca, get_ca },
    { "placement", set_placement, get_placement },
    { "tools", set_tools, get_tools },
    { "check_url", set_check_url, get_check_url },
    { "store", set_store, get_store },
};

const char *const *
prc_profile_keys (void)
{
    static const char *const keys[] = { "http", "https",     "all",   "no_proxy",  "user",  "auth",
                                        "ca",   "placement", "tools", "check_url", "store", NULL };

    return keys;
}

static gboolean
refuse_key (const char *key, GError **error)
{
    g_autofree char *known = NULL;

    if (g_str_equal (key, "password"))
        return refuse (
            error, PRC_ERROR_USAGE, key,
            _ ("it is never kept in a profile: `proxyrc login` asks for it, or reads it with "
               "--password-stdin"));
    known = g_strjoinv (", ", (char **) prc_profile_keys ());
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, _ ("a profile has no key “%s”; there are %s"),
                 key, known);
    return FALSE;
}

gboolean
prc_profile_set (PrcProfile *profile, const char *key, const char *value, GError **error)
{
    PrcProxyUrl **place = proxy_place (profile, key);

    if (profile->is_direct)
        return refuse (error, PRC_ERROR_USAGE, "direct",
                       _ ("is built in and means no proxy anywhere; it can't be changed"));
    if (prc_text_has_control (value) || !g_utf8_validate (value, -1, NULL))
        return refuse (error, PRC_ERROR_INPUT, key,
                       _ ("can't hold control characters, nor bytes that are not UTF-8"));
    if (place != NULL)
        return set_proxy (profile, place, key, value, error);
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (g_str_equal (fields[i].key, key))
            return fields[i].set (profile, value, error);
    return refuse_key (key, error);
}

char *
prc_profile_get (const PrcProfile *profile, const char *key)
{
    PrcProxyUrl **place = proxy_place ((PrcProfile *) profile, key);

    if (place != NULL)
        return *place != NULL ? prc_proxy_url_format_bare (*place) : NULL;
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (g_str_equal (fields[i].key, key))
            return fields[i].get (profile);
    return NULL;
}

const PrcProxyUrl *
prc_profile_proxy_for (const PrcProfile *profile, PrcRole role)
{
    if (role == PRC_ROLE_HTTP)
        return profile->http != NULL ? profile->http : profile->all;
    if (role == PRC_ROLE_HTTPS)
        return profile->https != NULL ? profile->https : profile->all;
    if (role != PRC_ROLE_ALL)
        return NULL;
    if (profile->all != NULL)
        return profile->all;
    return profile->https != NULL ? profile->https : profile->http;
}

gboolean
prc_profile_has_proxy (const PrcProfile *profile, const PrcProxyUrl *url)
{
    const PrcProxyUrl *proxies[] = { profile->http, profile->https, profile->all };

    for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++)
        if (proxies[i] != NULL && prc_proxy_url_same_proxy (proxies[i], url))
            return TRUE;
    return FALSE;
}

PrcPlacement
prc_profile_placement_for (const PrcProfile *profile, const char *tool)
{
    return prc_placements_of (profile->placement, tool);
}
