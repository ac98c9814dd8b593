/* cmd-doctor.c - everything that is wrong, worst first, each with its remedy */
#include <stdio.h>
#include <string.h>

#include "app/doctor.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

static void
output_json (const PrcDiagnosis *diagnosis)
{
    json_t *object = prc_json_new (), *array = json_array ();

    json_object_set_new (object, "profile", prc_json_text (diagnosis->profile));
    json_object_set_new (object, "checked",
                         diagnosis->was_checked
                             ? prc_json_text (prc_verdict_name (diagnosis->verdict))
                             : json_null ());
    for (guint i = 0; i < diagnosis->findings->len; i++) {
        const PrcFinding *finding = g_ptr_array_index (diagnosis->findings, i);
        json_t *row = json_object ();

        json_object_set_new (row, "severity",
                             prc_json_text (prc_severity_name (finding->severity)));
        json_object_set_new (row, "rule", prc_json_text (finding->rule));
        json_object_set_new (row, "what", prc_json_text (finding->what));
        json_object_set_new (row, "where", prc_json_text (finding->where));
        json_object_set_new (row, "remedy", prc_json_text (finding->remedy));
        json_array_append_new (array, row);
    }
    json_object_set_new (object, "findings", array);
    prc_output_json (object);
}

static void
print_finding (const PrcOptions *options, const PrcFinding *finding)
{
    static const char *const colors[] = { "31", "33", "36" };
    g_autofree char *what = prc_text_printable (finding->what);
    g_autofree char *where = finding->where != NULL ? prc_text_printable (finding->where) : NULL;
    g_autofree char *remedy = prc_text_printable (finding->remedy);
    const char *name = _ (prc_severity_name (finding->severity));

    if (options->use_color)
        printf ("\033[%sm%s\033[0m", colors[finding->severity], name);
    else
        fputs (name, stdout);
    if (where != NULL)
        printf (": %s", where);
    printf ("\n    %s\n    $ %s\n", what, remedy);
}

static void
print_text (const PrcOptions *options, const PrcDiagnosis *diagnosis)
{
    guint n = 0;

    for (guint i = 0; i < diagnosis->findings->len; i++) {
        const PrcFinding *finding = g_ptr_array_index (diagnosis->findings, i);

        if (options->quiet && finding->severity == PRC_SEVERITY_NOTICE)
            continue;
        if (n++ > 0)
            putchar ('\n');
        print_finding (options, finding);
    }
    if (options->quiet)
        return;
    if (n > 0)
        putchar ('\n');
    if (!diagnosis->needs_action)
        puts (diagnosis->was_checked
                  ? _ ("All is well: the settings agree, and the proxy lets us through.")
                  : _ ("The settings agree; the proxy was not tried."));
}

static int
run_doctor (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcDiagnosis) diagnosis = NULL;
    const PrcDoctorRequest request = { .no_check = options->no_check };

    options->no_input = TRUE; /* a look at everything asks nothing */
    session = prc_cli_session (options, error);
    diagnosis = session != NULL ? prc_doctor (session, &request, error) : NULL;
    if (diagnosis == NULL)
        return PRC_EXIT_INPUT;
    if (options->json)
        output_json (diagnosis);
    else
        print_text (options, diagnosis);
    return diagnosis->needs_action ? PRC_EXIT_NO : PRC_EXIT_DONE;
}

const PrcCommand prc_command_doctor = {
    "doctor",
    "",
    N_ ("Everything that is wrong, worst first, each with its remedy"),
    N_ ("Looks at all settings and who can read them, at running programs with an old password, "
        "at\n"
        "settings that do not do what they look like, and once at the proxy (--no-check leaves "
        "that\n"
        "out). Changes nothing and asks nothing. Exit code 1 when something is to be done."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_ASK | PRC_TAKES_DOCTOR |
        PRC_TAKES_ALL_USERS,
    0,
    0,
    run_doctor,
    NULL,
};
