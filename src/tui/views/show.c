#include "tui/views/show.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/width.h"

static const struct {
    const char *state;
    PrcMark mark;
    gboolean agrees;
    const char *words;
} states[] = {
    { "ok", { PRC_GLYPH_OK, PRC_LOOK_OK }, TRUE, N_ ("It is as the profile wants it.") },
    { "inherits",
      { PRC_GLYPH_OK, PRC_LOOK_OK },
      TRUE,
      N_ ("It has no setting of its own and takes the proxy from the environment.") },
    { "stale",
      { PRC_GLYPH_BAD, PRC_LOOK_BAD },
      FALSE,
      N_ ("The right proxy and user, but another password than the stored one.") },
    { "differs",
      { PRC_GLYPH_WARN, PRC_LOOK_WARN },
      FALSE,
      N_ ("Something else than the profile wants.") },
    { "missing",
      { PRC_GLYPH_WARN, PRC_LOOK_WARN },
      FALSE,
      N_ ("The profile wants a setting here, and there is none.") },
    { "overridden",
      { PRC_GLYPH_NONE, PRC_LOOK_DIM },
      FALSE,
      N_ ("Another setting wins over it, so it has no effect.") },
    { "dynamic",
      { PRC_GLYPH_UNKNOWN, PRC_LOOK_INFO },
      FALSE,
      N_ ("Shell code computes it: it is shown here, and never rewritten blindly.") },
    { "invalid",
      { PRC_GLYPH_BAD, PRC_LOOK_BAD },
      FALSE,
      N_ ("The tool itself would reject or misread it.") },
};

static gsize
find (const char *state)
{
    gsize i = 0;

    while (i < G_N_ELEMENTS (states) && g_strcmp0 (states[i].state, state) != 0)
        i++;
    return i;
}

PrcMark
prc_mark_of_state (const char *state)
{
    gsize i = find (state);

    return i < G_N_ELEMENTS (states) ? states[i].mark
                                     : (PrcMark){ PRC_GLYPH_UNKNOWN, PRC_LOOK_DIM };
}

gboolean
prc_state_agrees (const char *state)
{
    gsize i = find (state);

    return i < G_N_ELEMENTS (states) && states[i].agrees;
}

const char *
prc_state_words (const char *state)
{
    gsize i = find (state);

    return i < G_N_ELEMENTS (states) ? _ (states[i].words) : "";
}

static const char *const verdicts[PRC_N_VERDICTS] = {
    [PRC_VERDICT_OK] = N_ ("The proxy works, and takes the password"),
    [PRC_VERDICT_NO_AUTH_NEEDED] = N_ ("The proxy works, and wants no password"),
    [PRC_VERDICT_CREDENTIALS_MISSING] = N_ ("The proxy wants a user name and a password"),
    [PRC_VERDICT_CREDENTIALS_REJECTED] = N_ ("The proxy does not take this user name and password"),
    [PRC_VERDICT_SCHEME_UNSUPPORTED] =
        N_ ("The proxy wants a way of logging in that is not possible here"),
    [PRC_VERDICT_FORBIDDEN] = N_ ("The proxy forbids this address"),
    [PRC_VERDICT_ORIGIN_UNAUTHORIZED] = N_ ("The proxy works; the site itself wants a login"),
    [PRC_VERDICT_UPSTREAM_FAILED] = N_ ("The proxy is there, but could not reach the site"),
    [PRC_VERDICT_NOT_A_PROXY] = N_ ("What answers there is not a proxy"),
    [PRC_VERDICT_TLS_INTERCEPTED] =
        N_ ("The proxy shows a certificate of its own instead of the site's"),
    [PRC_VERDICT_PROXY_TLS_FAILED] = N_ ("No encrypted connection to the proxy"),
    [PRC_VERDICT_UNRESOLVABLE] = N_ ("The proxy's name is not known here"),
    [PRC_VERDICT_UNREACHABLE] = N_ ("The proxy can't be reached"),
    [PRC_VERDICT_TIMEOUT] = N_ ("No answer in time"),
    [PRC_VERDICT_BAD_ANSWER] = N_ ("The answer makes no sense"),
    [PRC_VERDICT_WITHHELD] =
        N_ ("Not sent: the proxy has rejected this password a short while ago"),
};

PrcMark
prc_mark_of_verdict (const PrcCheckResult *result)
{
    if (result == NULL)
        return (PrcMark){ PRC_GLYPH_UNKNOWN, PRC_LOOK_DIM };
    if (result->verdict == PRC_VERDICT_OK || result->verdict == PRC_VERDICT_NO_AUTH_NEEDED)
        return (PrcMark){ PRC_GLYPH_OK, PRC_LOOK_OK };
    if (result->credential == PRC_CREDENTIAL_ACCEPTED)
        return (PrcMark){ PRC_GLYPH_WARN, PRC_LOOK_WARN };
    return (PrcMark){ PRC_GLYPH_BAD, PRC_LOOK_BAD };
}

const char *
prc_verdict_words (const PrcCheckResult *result)
{
    return result != NULL ? _ (verdicts[result->verdict]) : _ ("not tried yet");
}

int
prc_draw_mark (const PrcArea *area, int x, int y, int width, PrcMark mark, const char *word)
{
    int end = prc_draw_glyph (area, x, y, mark.glyph, mark.look);

    return prc_draw_field (area, end + 1, y, MAX (width - (end + 1 - x), 0), word, mark.look);
}

char *
prc_file_of_message (const char *message, guint *ret_line)
{
    const char *colon = message != NULL && *message == '/' ? strchr (message, ':') : NULL;

    *ret_line = colon != NULL ? (guint) g_ascii_strtoull (colon + 1, NULL, 10) : 0;
    return colon != NULL ? g_strndup (message, (gsize) (colon - message)) : NULL;
}

char *
prc_show_path (const char *home, const char *path)
{
    gsize length = home != NULL ? strlen (home) : 0;
    g_autofree char *shown = prc_text_printable (path);

    if (length > 0 && g_str_has_prefix (shown, home) &&
        (shown[length] == '/' || shown[length] == '\0'))
        return g_strconcat ("~", shown + length, NULL);
    return g_steal_pointer (&shown);
}

char *
prc_show_text (const char *home, const char *text)
{
    g_autofree char *shown = prc_text_printable (text);
    g_autofree char *below = home != NULL && *home != '\0' ? g_strconcat (home, "/", NULL) : NULL;
    g_auto (GStrv) parts = below != NULL ? g_strsplit (shown, below, -1) : NULL;

    return parts != NULL ? g_strjoinv ("~/", parts) : g_steal_pointer (&shown);
}

static const struct {
    const char *action, *words;
} actions[] = { { "edit", N_ ("change") }, { "create", N_ ("make") }, { "remove", N_ ("remove") } };

const char *
prc_action_words (const char *action)
{
    for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
        if (strcmp (actions[i].action, action) == 0)
            return _ (actions[i].words);
    return action;
}

int
prc_action_words_width (void)
{
    int width = 7;

    for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
        width = MAX (width, prc_text_columns (_ (actions[i].words)));
    return width + 1;
}
