#include "cli/output-check.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/output.h"

/* Each verdict in plain words, with its colour and its exit code when the credential was not
 * accepted. */
static const struct {
    const char *text, *color;
    int code;
} verdicts[PRC_N_VERDICTS] = {
    [PRC_VERDICT_OK] = { N_ ("the proxy works, and takes the credential"), "32", PRC_EXIT_DONE },
    [PRC_VERDICT_NO_AUTH_NEEDED] = { N_ ("the proxy works, and asks for no password"), "32",
                                     PRC_EXIT_DONE },
    [PRC_VERDICT_CREDENTIALS_MISSING] = { N_ ("the proxy wants a credential, and has got none"),
                                          "33", PRC_EXIT_LOCKED },
    [PRC_VERDICT_CREDENTIALS_REJECTED] = { N_ ("the proxy does not take the credential"), "31",
                                           PRC_EXIT_NO },
    [PRC_VERDICT_SCHEME_UNSUPPORTED] = { N_ ("the proxy wants a kind of login that is not possible "
                                             "here"),
                                         "31", PRC_EXIT_NO },
    [PRC_VERDICT_FORBIDDEN] = { N_ ("the proxy does not allow this target"), "31", PRC_EXIT_NO },
    [PRC_VERDICT_ORIGIN_UNAUTHORIZED] = { N_ ("the site wants a login, not the proxy"), "33",
                                          PRC_EXIT_NO },
    [PRC_VERDICT_UPSTREAM_FAILED] = { N_ ("the proxy could not reach the site"), "33",
                                      PRC_EXIT_NO },
    [PRC_VERDICT_NOT_A_PROXY] = { N_ ("what answers is not a proxy"), "31", PRC_EXIT_NETWORK },
    [PRC_VERDICT_TLS_INTERCEPTED] = { N_ ("somebody opens the TLS connection on the way"), "31",
                                      PRC_EXIT_NO },
    [PRC_VERDICT_PROXY_TLS_FAILED] = { N_ ("TLS to the proxy itself failed"), "31",
                                       PRC_EXIT_NETWORK },
    [PRC_VERDICT_UNRESOLVABLE] = { N_ ("the name is not known"), "31", PRC_EXIT_NETWORK },
    [PRC_VERDICT_UNREACHABLE] = { N_ ("the proxy can't be reached"), "31", PRC_EXIT_NETWORK },
    [PRC_VERDICT_TIMEOUT] = { N_ ("no answer in time"), "31", PRC_EXIT_NETWORK },
    [PRC_VERDICT_BAD_ANSWER] = { N_ ("the answer makes no sense"), "31", PRC_EXIT_NETWORK },
    [PRC_VERDICT_WITHHELD] = { N_ ("not sent, so that the account is not locked"), "33",
                               PRC_EXIT_NO },
};

int
prc_check_exit_code (const PrcCheckResult *result)
{
    if (result->credential == PRC_CREDENTIAL_ACCEPTED)
        return PRC_EXIT_DONE;
    return verdicts[result->verdict].code;
}

const char *
prc_check_verdict_text (PrcVerdict verdict)
{
    return _ (verdicts[verdict].text);
}

json_t *
prc_check_json (const PrcCheckResult *result)
{
    json_t *object = json_object ();
    json_t *schemes = json_array (), *tools = json_array ();

    for (guint i = 0; i < result->tools->len; i++) {
        const PrcToolChance *chance = g_ptr_array_index (result->tools, i);
        json_t *tool = json_object ();

        json_object_set_new (tool, "name", prc_json_text (chance->name));
        json_object_set_new (tool, "could_pass", json_boolean (chance->could_pass));
        json_object_set_new (tool, "why", prc_json_text (chance->why));
        json_array_append_new (tools, tool);
    }
    for (guint i = 0; i < result->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (result->offers, i);
        json_t *scheme = json_object ();

        json_object_set_new (scheme, "scheme", prc_json_text (offer->scheme));
        json_object_set_new (scheme, "realm", prc_json_text (offer->realm));
        json_array_append_new (schemes, scheme);
    }
    json_object_set_new (object, "verdict", prc_json_text (prc_verdict_name (result->verdict)));
    json_object_set_new (object, "credential",
                         prc_json_text (prc_credential_fate_name (result->credential)));
    json_object_set_new (object, "proxy", prc_json_text (result->proxy));
    json_object_set_new (object, "url", prc_json_text (result->url));
    json_object_set_new (object, "http_status",
                         result->http_status > 0 ? json_integer (result->http_status)
                                                 : json_null ());
    json_object_set_new (object, "schemes", schemes);
    json_object_set_new (object, "scheme_used", prc_json_text (result->scheme_used));
    json_object_set_new (object, "attempts", json_integer (result->attempts));
    json_object_set_new (object, "elapsed_ms", json_integer (result->elapsed_ms));
    json_object_set_new (object, "detail", prc_json_text (result->detail));
    json_object_set_new (object, "tools", tools);
    json_object_set_new (object, "remedy", prc_json_text (result->remedy));
    return object;
}

static void
print_offers (const PrcCheckResult *result)
{
    if (result->offers->len == 0)
        return;
    printf ("%s ", _ ("It offers:"));
    for (guint i = 0; i < result->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (result->offers, i);

        printf ("%s%s", i > 0 ? ", " : "", offer->scheme);
        if (offer->realm != NULL && *offer->realm != '\0')
            printf (" “%s”", offer->realm);
    }
    if (result->scheme_used != NULL)
        printf (_ ("; tried: %s"), result->scheme_used);
    putchar ('\n');
}

/* One line for all tools with the same reason, at the first of them. */
static void
print_reason (const PrcCheckResult *result, guint first)
{
    const PrcToolChance *chance = g_ptr_array_index (result->tools, first);
    g_autoptr (GString) names = g_string_new (chance->name);

    for (guint i = 0; i < result->tools->len; i++) {
        const PrcToolChance *other = g_ptr_array_index (result->tools, i);

        if (i == first || chance->why == NULL || g_strcmp0 (chance->why, other->why) != 0)
            continue;
        if (i < first)
            return;
        g_string_append_printf (names, ", %s", other->name);
    }
    if (chance->why != NULL)
        /* Translators: tools, and why they can't pass */
        printf (chance->could_pass ? "  %s: %s\n" : _ ("  %s: no: %s\n"), names->str, chance->why);
}

/* Those that simply can pass in one line, and each other one with its reason. */
static void
print_tools (const PrcCheckResult *result)
{
    g_autoptr (GString) passing = g_string_new (NULL);

    for (guint i = 0; i < result->tools->len; i++) {
        const PrcToolChance *chance = g_ptr_array_index (result->tools, i);

        if (chance->could_pass && chance->why == NULL)
            g_string_append_printf (passing, "%s%s", passing->len > 0 ? ", " : "", chance->name);
    }
    if (passing->len > 0 && passing->len < 200)
        printf (_ ("Could pass with the right credential: %s.\n"), passing->str);
    for (guint i = 0; i < result->tools->len; i++)
        print_reason (result, i);
}

/* A sentence of the result, as one of its own. */
static void
print_sentence (const char *label, const char *text)
{
    g_autofree char *first = NULL;
    g_autofree char *whole = NULL;

    if (text == NULL)
        return;
    first = g_utf8_strup (text, (gssize) (g_utf8_next_char (text) - text));
    whole = g_strconcat (label, first, g_utf8_next_char (text), NULL);
    /* Translators: a sentence; yours is the full stop */
    printf (_ ("%s.\n"), whole);
}

void
prc_output_check (const PrcOptions *options, const PrcCheckResult *result)
{
    const char *name = prc_verdict_name (result->verdict);

    printf ("%s → %s\n", result->proxy, result->url);
    if (options->use_color)
        printf ("\033[%sm%s\033[0m: %s\n", verdicts[result->verdict].color, name,
                prc_check_verdict_text (result->verdict));
    else
        printf ("%s: %s\n", name, prc_check_verdict_text (result->verdict));
    if (options->quiet)
        return;
    print_sentence ("", result->detail);
    print_offers (result);
    if ((result->verdict != PRC_VERDICT_NO_AUTH_NEEDED && !options->found) || options->verbose)
        print_tools (result);
    print_sentence (_ ("What to do: "), result->remedy);
    if (options->verbose)
        printf (_ ("%u ms, sent %u times.\n"), result->elapsed_ms, result->attempts);
}

/* All that were found */

static json_t *
place_json (const PrcFoundPlace *place)
{
    json_t *object = json_object ();

    json_object_set_new (object, "tool", prc_json_text (place->tool));
    json_object_set_new (object, "file", prc_json_text (place->file));
    json_object_set_new (object, "line",
                         place->line > 0 ? json_integer (place->line) : json_null ());
    json_object_set_new (object, "key", prc_json_text (place->key));
    return object;
}

static void
output_found_json (const PrcCheckFound *checks)
{
    json_t *object = prc_json_new ();
    json_t *array = json_array (), *notes = json_array ();
    guint done = 0, n = prc_check_found_count (checks, &done);

    for (guint i = 0; i < n; i++) {
        const PrcFoundCredential *credential = prc_check_found_credential (checks, i);
        json_t *check = prc_check_json (prc_check_found_result (checks, i));
        json_t *places = json_array ();

        for (guint j = 0; j < credential->places->len; j++)
            json_array_append_new (places, place_json (g_ptr_array_index (credential->places, j)));
        json_object_set_new (check, "stored_for", prc_json_text (credential->profile));
        json_object_set_new (check, "found", places);
        json_array_append_new (array, check);
    }
    for (guint i = 0; i < prc_check_found_notes (checks)->len; i++)
        json_array_append_new (
            notes, prc_json_text (g_ptr_array_index (prc_check_found_notes (checks), i)));
    json_object_set_new (object, "checks", array);
    json_object_set_new (object, "notes", notes);
    prc_output_json (object);
}

static void
print_places (const PrcFoundCredential *credential)
{
    if (credential->profile != NULL) {
        g_autofree char *name = prc_text_printable (credential->profile);

        printf (_ ("  stored for the profile %s\n"), name);
    }
    for (guint i = 0; i < credential->places->len; i++) {
        const PrcFoundPlace *place = g_ptr_array_index (credential->places, i);
        g_autofree char *file =
            prc_text_printable (place->file != NULL ? place->file : _ ("this shell"));
        g_autofree char *key = prc_text_printable (place->key);

        if (place->line > 0)
            printf ("  %s:%u: %s (%s)\n", file, place->line, key, place->tool);
        else
            printf ("  %s: %s (%s)\n", file, key, place->tool);
    }
}

void
prc_output_check_found (const PrcOptions *options, const PrcCheckFound *checks)
{
    guint done = 0, n = prc_check_found_count (checks, &done);

    if (options->json) {
        output_found_json (checks);
        return;
    }
    for (guint i = 0; i < n; i++) {
        if (i > 0)
            putchar ('\n');
        prc_output_check (options, prc_check_found_result (checks, i));
        print_places (prc_check_found_credential (checks, i));
    }
    if (n == 0 && !options->quiet)
        puts (_ ("No password for a proxy was found on this machine."));
    for (guint i = 0; i < prc_check_found_notes (checks)->len; i++)
        prc_cli_warn (options, "%s",
                      (const char *) g_ptr_array_index (prc_check_found_notes (checks), i));
}
