#include "probe/challenge.h"

#include <string.h>

#include "base/text.h"

static const char *const scheme_names[PRC_N_AUTH_SCHEMES] = {
    [PRC_AUTH_BASIC] = "basic",
    [PRC_AUTH_DIGEST] = "digest",
    [PRC_AUTH_NTLM] = "ntlm",
    [PRC_AUTH_NEGOTIATE] = "negotiate",
};

/* As their RFCs, or those who made them, write them. */
static const char *const known_spellings[] = {
    "Basic",     "Digest", "NTLM",         "Negotiate",   "Bearer",        "DPoP",
    "HOBA",      "Mutual", "OAuth",        "SCRAM-SHA-1", "SCRAM-SHA-256", "vapid",
    "Concealed", "GNAP",   "PrivateToken", "Kerberos",
};

/* A cursor over one line. */
typedef struct {
    const char *at, *end;
} Reader;

const char *
prc_auth_scheme_name (PrcAuthScheme scheme)
{
    g_return_val_if_fail ((guint) scheme < PRC_N_AUTH_SCHEMES, NULL);
    return scheme_names[scheme];
}

gboolean
prc_auth_scheme_from_name (const char *name, PrcAuthScheme *ret_scheme)
{
    for (guint i = 0; name != NULL && i < PRC_N_AUTH_SCHEMES; i++)
        if (g_ascii_strcasecmp (scheme_names[i], name) == 0) {
            *ret_scheme = (PrcAuthScheme) i;
            return TRUE;
        }
    return FALSE;
}

guint
prc_auth_scheme_set (const char *name)
{
    PrcAuthScheme scheme;

    return prc_auth_scheme_from_name (name, &scheme) ? 1u << scheme : PRC_AUTH_ALL;
}

void
prc_challenge_free (PrcChallenge *challenge)
{
    if (challenge == NULL)
        return;
    g_free (challenge->scheme);
    g_free (challenge->realm);
    g_free (challenge);
}

GPtrArray *
prc_challenges_new (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) prc_challenge_free);
}

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static gboolean
is_token (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_token68 (char c)
{
    return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~+/", c) != NULL);
}

static void
skip_blanks (Reader *reader)
{
    while (reader->at < reader->end && is_blank (*reader->at))
        reader->at++;
}

static gboolean
at_end_of_element (const Reader *reader)
{
    return reader->at >= reader->end || *reader->at == ',';
}

static gsize
token_length (const Reader *reader)
{
    const char *p = reader->at;

    while (p < reader->end && is_token (*p))
        p++;
    return (gsize) (p - reader->at);
}

/* A string between quotes; without the second one it goes to the end. NULL: only skip it. */
static void
read_quoted (Reader *reader, GString *text)
{
    reader->at++;
    while (reader->at < reader->end && *reader->at != '"') {
        if (*reader->at == '\\' && reader->at + 1 < reader->end)
            reader->at++;
        if (text != NULL)
            g_string_append_c (text, *reader->at);
        reader->at++;
    }
    if (reader->at < reader->end)
        reader->at++;
}

static void
skip_element (Reader *reader)
{
    while (!at_end_of_element (reader)) {
        if (*reader->at == '"')
            read_quoted (reader, NULL);
        else
            reader->at++;
    }
}

/* Latin-1 where it isn't UTF-8, without control characters, and cut at a character's end. */
static char *
clean_text (const char *bytes, gsize length)
{
    g_autofree char *copy = NULL;
    g_autofree char *printable = NULL;
    const char *zero = memchr (bytes, '\0', length);

    if (zero != NULL)
        length = (gsize) (zero - bytes);
    copy = g_utf8_validate (bytes, (gssize) length, NULL)
               ? g_strndup (bytes, length)
               : g_convert (bytes, (gssize) length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
    printable = prc_text_printable (copy != NULL ? copy : "");
    if (strlen (printable) > PRC_CHALLENGE_TEXT_MAX) {
        char *cut = g_utf8_find_prev_char (printable, printable + PRC_CHALLENGE_TEXT_MAX + 1);

        *cut = '\0';
    }
    return g_steal_pointer (&printable);
}

static PrcChallenge *
challenge_new (const char *name, gsize length)
{
    PrcChallenge *challenge = g_new0 (PrcChallenge, 1);

    for (gsize i = 0; i < G_N_ELEMENTS (known_spellings) && challenge->scheme == NULL; i++)
        if (strlen (known_spellings[i]) == length &&
            g_ascii_strncasecmp (known_spellings[i], name, length) == 0)
            challenge->scheme = g_strdup (known_spellings[i]);
    if (challenge->scheme == NULL)
        challenge->scheme = clean_text (name, length);
    return challenge;
}

static gboolean
is_known (const char *name, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS (known_spellings); i++)
        if (strlen (known_spellings[i]) == length &&
            g_ascii_strncasecmp (known_spellings[i], name, length) == 0)
            return TRUE;
    return FALSE;
}

/* Without SHA-512-256: libcurl before 8.8 answers that with SHA-256, so that a right password is
 * rejected and counts towards a lock of the account. */
static gboolean
is_algorithm (const char *name)
{
    static const char *const names[] = { "MD5", "MD5-sess", "SHA-256", "SHA-256-sess" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_ascii_strcasecmp (names[i], name) == 0)
            return TRUE;
    return FALSE;
}

static void
take_param (PrcChallenge *challenge, const char *name, gsize length, const GString *value)
{
    if (length == 5 && g_ascii_strncasecmp (name, "realm", 5) == 0) {
        if (challenge->realm == NULL)
            challenge->realm = clean_text (value->str, value->len);
    } else if (length == 5 && g_ascii_strncasecmp (name, "nonce", 5) == 0) {
        challenge->has_nonce |= value->len > 0;
    } else if (length == 9 && g_ascii_strncasecmp (name, "algorithm", 9) == 0) {
        challenge->has_strange_algorithm = !is_algorithm (value->str);
    }
}

/* NAME BWS "=" BWS VALUE at the cursor; what is not one is left where it is. */
static gboolean
read_param (Reader *reader, PrcChallenge *challenge)
{
    Reader ahead = *reader;
    const char *name = ahead.at;
    gsize length = token_length (&ahead);
    g_autoptr (GString) value = g_string_new (NULL);

    ahead.at += length;
    skip_blanks (&ahead);
    if (length == 0 || ahead.at >= ahead.end || *ahead.at != '=')
        return FALSE;
    ahead.at++;
    skip_blanks (&ahead);
    if (ahead.at < ahead.end && *ahead.at == '"') {
        read_quoted (&ahead, value);
    } else {
        while (!at_end_of_element (&ahead) && !is_blank (*ahead.at))
            g_string_append_c (value, *ahead.at++);
    }
    if (challenge != NULL)
        take_param (challenge, name, length, value);
    *reader = ahead;
    return TRUE;
}

/* token68 is the whole rest of its element; `realm=x` is none, for something follows the '='. */
static gboolean
read_token68 (Reader *reader)
{
    Reader ahead = *reader;

    while (ahead.at < ahead.end && is_token68 (*ahead.at))
        ahead.at++;
    if (ahead.at == reader->at)
        return FALSE;
    while (ahead.at < ahead.end && *ahead.at == '=')
        ahead.at++;
    skip_blanks (&ahead);
    if (!at_end_of_element (&ahead))
        return FALSE;
    *reader = ahead;
    return TRUE;
}

static gboolean
is_answerable (const PrcChallenge *challenge)
{
    PrcAuthScheme scheme;

    return prc_auth_scheme_from_name (challenge->scheme, &scheme) &&
           (scheme != PRC_AUTH_DIGEST ||
            (challenge->has_nonce && !challenge->has_strange_algorithm));
}

static gboolean
same_challenge (const PrcChallenge *a, const PrcChallenge *b)
{
    return strcmp (a->scheme, b->scheme) == 0 && g_strcmp0 (a->realm, b->realm) == 0;
}

/* One that can be answered is worth more than one that can't be. */
static gboolean
make_room (GPtrArray *challenges, const PrcChallenge *challenge)
{
    for (guint i = challenges->len; is_answerable (challenge) && i > 0; i--)
        if (!is_answerable (g_ptr_array_index (challenges, i - 1))) {
            g_ptr_array_remove_index (challenges, i - 1);
            return TRUE;
        }
    return FALSE;
}

static void
add_challenge (GPtrArray *challenges, PrcChallenge *challenge)
{
    if (challenge == NULL)
        return;
    for (guint i = 0; i < challenges->len; i++) {
        const PrcChallenge *known = g_ptr_array_index (challenges, i);

        if (same_challenge (known, challenge)) {
            prc_challenge_free (challenge);
            return;
        }
    }
    if (challenges->len == PRC_CHALLENGES_MAX && !make_room (challenges, challenge))
        prc_challenge_free (challenge);
    else
        g_ptr_array_add (challenges, challenge);
}

/* What stands in one element behind the name of a scheme: a token68, a first parameter, or, where
 * somebody forgot the commas, more parameters and more schemes. */
static PrcChallenge *
read_rest (Reader *reader, GPtrArray *challenges, PrcChallenge *challenge)
{
    skip_blanks (reader);
    while (!at_end_of_element (reader)) {
        const char *name = reader->at;
        gsize length = token_length (reader);

        if (is_known (name, length) &&
            (name + length == reader->end || is_blank (name[length]) || name[length] == ',')) {
            add_challenge (challenges, challenge);
            challenge = challenge_new (name, length);
            reader->at += length;
        } else if (!read_token68 (reader) && !read_param (reader, challenge)) {
            skip_element (reader);
        }
        skip_blanks (reader);
    }
    return challenge;
}

void
prc_challenges_add (GPtrArray *challenges, const char *value, gsize length)
{
    Reader reader = { value, value + length };
    PrcChallenge *current = NULL;

    while (reader.at < reader.end) {
        gsize token = 0;

        skip_blanks (&reader);
        token = token_length (&reader);
        if (token > 0 && !read_param (&reader, current)) {
            add_challenge (challenges, current);
            current = challenge_new (reader.at, token);
            reader.at += token;
            if (at_end_of_element (&reader) || is_blank (*reader.at))
                current = read_rest (&reader, challenges, current);
        } else if (token > 0 && current != NULL) {
            current = read_rest (&reader, challenges, current);
        }
        skip_element (&reader);
        if (reader.at < reader.end)
            reader.at++; /* the comma */
    }
    add_challenge (challenges, current);
}

guint
prc_challenges_schemes (const GPtrArray *challenges)
{
    guint set = 0, met = 0;

    for (guint i = 0; i < challenges->len; i++) {
        const PrcChallenge *challenge = g_ptr_array_index (challenges, i);
        PrcAuthScheme scheme;

        if (!prc_auth_scheme_from_name (challenge->scheme, &scheme))
            continue;
        if (is_answerable (challenge) && (met & 1u << scheme) == 0) /* libcurl takes the first */
            set |= 1u << scheme;
        met |= 1u << scheme;
    }
    return set;
}
