/* cmd-explain.c - what the words and the failures mean */
#include <stdio.h>
#include <string.h>

#include "app/explain.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

/* No line is wider than this, on any terminal: long lines are hard to read. */
#define WIDTH 78

/* @indent: of all lines but the first, which has begun already at @column. */
static void
print_wrapped (const char *text, guint column, guint indent)
{
    gboolean first = TRUE;
    guint blanks = 0;

    while (*text != '\0') {
        gsize length = prc_text_piece (text);
        g_autofree char *piece = g_strndup (text, length);
        guint columns = (guint) prc_text_columns (piece);

        if (!first && column + blanks + columns > WIDTH) {
            printf ("\n%*s", (int) indent, "");
            column = indent;
        } else if (blanks > 0) {
            putchar (' ');
            column++;
        }
        fputs (piece, stdout);
        column += columns;
        first = FALSE;
        text += length;
        blanks = strspn (text, " \n") > 0 ? 1 : 0;
        text += strspn (text, " \n");
    }
    putchar ('\n');
}

static void
print_topic (const PrcOptions *options, const PrcTopic *topic)
{
    g_auto (GStrv) paragraphs = g_strsplit (_ (topic->text), "\n\n", -1);
    g_autofree char *head = g_strdup_printf ("%s: %s", topic->name, _ (topic->title));

    if (options->use_color)
        fputs ("\033[1m", stdout);
    print_wrapped (head, 0, 0);
    if (options->use_color)
        fputs ("\033[0m", stdout);
    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++) {
        putchar ('\n');
        if (g_str_has_prefix (*paragraph, "  "))
            puts (*paragraph);
        else
            print_wrapped (*paragraph, 0, 0);
    }
    if (topic->see != NULL) {
        g_autofree char *see = g_strdup_printf (_ ("See also: proxyrc explain %s"), topic->see);

        putchar ('\n');
        print_wrapped (see, 0, 4);
    }
}

static void
print_list (void)
{
    fputs (_ ("`proxyrc explain TOPIC` tells more. Topics:\n"), stdout);
    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++) {
        gsize n = 0;
        const PrcTopic *topics = prc_topics (group, &n);

        printf ("\n%s\n", prc_topic_group_title (group));
        for (gsize i = 0; i < n; i++) {
            printf ("  %-21s ", topics[i].name);
            print_wrapped (_ (topics[i].title), 24, 24);
        }
    }
}

static json_t *
words_json (const char *words)
{
    g_auto (GStrv) parts = g_strsplit (words != NULL ? words : "", " ", -1);
    json_t *array = json_array ();

    for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
            json_array_append_new (array, prc_json_text (*part));
    return array;
}

static void
output_topic_json (const PrcTopic *topic)
{
    json_t *object = prc_json_new ();

    json_object_set_new (object, "topic", prc_json_text (topic->name));
    json_object_set_new (object, "aliases", words_json (topic->aliases));
    json_object_set_new (object, "title", prc_json_text (_ (topic->title)));
    json_object_set_new (object, "text", prc_json_text (_ (topic->text)));
    json_object_set_new (object, "see", words_json (topic->see));
    prc_output_json (object);
}

static void
output_list_json (void)
{
    json_t *object = prc_json_new (), *array = json_array ();

    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++) {
        gsize n = 0;
        const PrcTopic *topics = prc_topics (group, &n);

        for (gsize i = 0; i < n; i++) {
            json_t *row = json_object ();

            json_object_set_new (row, "topic", prc_json_text (topics[i].name));
            json_object_set_new (row, "title", prc_json_text (_ (topics[i].title)));
            json_object_set_new (row, "group", prc_json_text (prc_topic_group_title (group)));
            json_array_append_new (array, row);
        }
    }
    json_object_set_new (object, "topics", array);
    prc_output_json (object);
}

static int
run_explain (PrcOptions *options, GError **error)
{
    const char *name = options->arguments[0];
    const PrcTopic *topic = name != NULL ? prc_topic_find (name) : NULL;
    const PrcTopic *meant = NULL;

    if (name == NULL) {
        if (options->json)
            output_list_json ();
        else
            print_list ();
        return PRC_EXIT_DONE;
    }
    if (topic != NULL) {
        if (options->json)
            output_topic_json (topic);
        else
            print_topic (options, topic);
        return PRC_EXIT_DONE;
    }
    meant = prc_topic_suggest (name);
    if (meant != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no topic “%s”; did you mean `proxyrc explain %s`?"), name,
                     meant->name);
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no topic “%s”; `proxyrc explain` lists them"), name);
    return PRC_EXIT_USAGE;
}

const PrcCommand prc_command_explain = {
    "explain",
    "[TOPIC]",
    N_ ("What 407 means, and each verdict and state, in plain words"),
    N_ ("Without a topic: the list of them. A topic is a number (407), a word that `proxyrc check` "
        "or\n`proxyrc status` has used, or one of the list."),
    PRC_TAKES_JSON,
    0,
    1,
    run_explain,
    prc_complete_topic,
};
