/* The statements of a fish script: blocks, chains, and which commands are sure to be run. */
#include "formats/fish-script.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/words.h"

#define DEPTH_MAX 128

static const PrcFishToken *
token (const PrcFishScript *script)
{
    return &g_array_index (script->tokens, PrcFishToken, script->at);
}

static const PrcFishToken *
token_at (const PrcFishScript *script, guint index)
{
    return &g_array_index (script->tokens, PrcFishToken, MIN (index, script->tokens->len - 1));
}

static gboolean
syntax_error (PrcFishScript *script, const char *what)
{
    prc_set_error_at_line (script->error, token (script)->line, "%s", what);
    return FALSE;
}

/* Statements */

static gboolean parse_block (PrcFishScript *script, gboolean conditional, guint depth,
                             gboolean *ret_else);

static gboolean
ends_command (const PrcFishToken *t)
{
    return t->kind != PRC_FISH_WORD && t->kind != PRC_FISH_REDIRECT;
}

/* Collects words up to the end of the command; redirections count as odd. */
static gboolean
collect (PrcFishScript *script, PrcFishCommand *command)
{
    command->start = token (script)->start;
    command->end = token (script)->end;
    while (!ends_command (token (script))) {
        if (token (script)->kind == PRC_FISH_REDIRECT) {
            script->at++;
            command->odd = TRUE;
            if (token (script)->kind != PRC_FISH_WORD)
                return syntax_error (script, _ ("a redirection needs a file behind it"));
        } else {
            g_array_append_val (command->words, *token (script));
        }
        command->end = token (script)->end;
        script->at++;
    }
    if (token (script)->kind == PRC_FISH_PIPE || token (script)->kind == PRC_FISH_AMP)
        command->odd = TRUE;
    return TRUE;
}

static gboolean
is_override (const PrcFishScript *script, const PrcFishToken *word)
{
    const char *text = script->data + word->start;
    gsize length = word->end - word->start, n = 0;

    while (n < length && (g_ascii_isalnum (text[n]) || text[n] == '_'))
        n++;
    return n > 0 && n < length && text[n] == '=';
}

static gboolean
parse_simple (PrcFishScript *script, gboolean conditional, gboolean piped)
{
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcFishToken));
    PrcFishCommand command = { .words = words, .conditional = conditional, .odd = piped };
    gboolean overridden = FALSE;

    if (!collect (script, &command))
        return FALSE;
    while (words->len > 0 && is_override (script, prc_fish_word_at (&command, 0))) {
        g_array_remove_index (words, 0);
        overridden = TRUE;
    }
    if (words->len == 0)
        return syntax_error (script, overridden
                                         ? _ ("fish has no NAME=VALUE: use set -gx NAME VALUE")
                                         : _ ("a command is missing"));
    command.odd = command.odd || overridden;
    prc_fish_run_command (script, &command);
    return TRUE;
}

static gboolean
is_word_char (char c)
{
    return g_ascii_isalnum (c) || strchr ("_-.:+@", c) != NULL;
}

/* How often @name stands in the file, as a word. */
static guint
count_word (const PrcFishScript *script, const char *name)
{
    gsize length = strlen (name);
    const char *at = script->data, *end = script->data + script->size;
    guint n = 0;

    while (at != NULL && (at = memmem (at, (gsize) (end - at), name, length)) != NULL) {
        n += (at == script->data || !is_word_char (at[-1])) &&
             (at + length == end || !is_word_char (at[length]));
        at += length;
    }
    return n;
}

/* The name of the function that @words define, if nothing in this file names it again; those of
 * fish's own, and with options, such as --on-event, may run by themselves. (transfer full)
 * (nullable) */
static char *
callable_name (PrcFishScript *script, const GArray *words)
{
    g_autofree char *name = NULL;

    for (guint i = 1; i < words->len; i++) {
        const PrcFishToken *word = &g_array_index (words, PrcFishToken, i);

        if (word->end - word->start > 4 && memcmp (script->data + word->start, "--on", 4) == 0)
            return NULL;
    }
    name = prc_fish_value_of (script, &g_array_index (words, PrcFishToken, 1));
    if (name == NULL || *name == '\0' || g_str_has_prefix (name, "fish_") ||
        count_word (script, name) > 1)
        return NULL;
    return g_steal_pointer (&name);
}

/* At `begin`, `if`, …: to behind its `end`. */
static gboolean
parse_compound (PrcFishScript *script, gboolean conditional, gboolean piped, guint depth)
{
    gboolean is_if = prc_fish_is_word (script, token (script), "if");
    gboolean is_begin = prc_fish_is_word (script, token (script), "begin");
    gboolean is_function = prc_fish_is_word (script, token (script), "function");
    gboolean has_condition = is_if || prc_fish_is_word (script, token (script), "while");
    guint line = token (script)->line, first = script->entries->len;
    g_autofree char *name = NULL; /* of a function that somebody must call */
    gboolean has_else = is_if;

    if (depth >= DEPTH_MAX)
        return syntax_error (script, _ ("nested too deeply"));
    script->at++;
    if (!has_condition && !is_begin) {
        g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcFishToken));
        PrcFishCommand head = { .words = words };

        script->at--;
        if (!collect (script, &head))
            return FALSE;
        if (words->len < 2)
            return syntax_error (script, _ ("this statement needs an argument"));
        prc_fish_run_command (script, &head);
        if (is_function)
            name = callable_name (script, words);
    } else if (has_condition && ends_command (token (script))) {
        return syntax_error (script, _ ("a condition is missing"));
    }
    script->function_depth += is_function;
    script->block_depth++;
    if (!parse_block (script, conditional || piped || !is_begin, depth + 1, &has_else))
        return FALSE;
    script->block_depth--;
    script->function_depth -= is_function;
    for (guint i = first; name != NULL && i < script->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (script->entries, i);

        if (entry->uncalled == NULL)
            entry->uncalled = g_strdup (name);
    }
    if (!prc_fish_is_word (script, token (script), "end")) {
        prc_set_error_at_line (script->error, line, _ ("an 'end' is missing for this statement"));
        return FALSE;
    }
    script->at++;
    while (!ends_command (token (script))) { /* redirections of the block */
        if (token (script)->kind != PRC_FISH_REDIRECT)
            return syntax_error (script, _ ("nothing but a redirection may follow 'end'"));
        script->at += 2;
    }
    return TRUE;
}

static gboolean
begins_compound (const PrcFishScript *script)
{
    static const char *const words[] = { "if", "while", "for", "switch", "function", "begin" };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (prc_fish_is_word (script, token (script), words[i])) {
            const PrcFishToken *next = token_at (script, script->at + 1);

            /* `begin --help` and the like are plain commands */
            return !prc_fish_is_word (script, next, "-h") &&
                   !prc_fish_is_word (script, next, "--help");
        }
    return FALSE;
}

/* `not`, `!`, `and`, `or`, `time` before a command. */
static gboolean
skip_decorations (PrcFishScript *script, gboolean *conditional)
{
    for (;;) {
        gboolean chain = prc_fish_is_word (script, token (script), "and") ||
                         prc_fish_is_word (script, token (script), "or");

        if (!chain && !prc_fish_is_word (script, token (script), "not") &&
            !prc_fish_is_word (script, token (script), "!") &&
            !prc_fish_is_word (script, token (script), "time"))
            return TRUE;
        *conditional = *conditional || chain;
        script->at++;
        if (ends_command (token (script)))
            return syntax_error (script, _ ("a command is missing"));
    }
}

static void
skip_newlines (PrcFishScript *script)
{
    while (token (script)->kind == PRC_FISH_END && script->data[token (script)->start] == '\n')
        script->at++;
}

/* Commands joined by pipes, && and ||. */
static gboolean
parse_chain (PrcFishScript *script, gboolean conditional, guint depth)
{
    gboolean piped = FALSE;

    for (;;) {
        const PrcFishToken *before = token (script);
        gboolean decorated = conditional;

        if (!skip_decorations (script, &decorated))
            return FALSE;
        piped = piped || before != token (script);
        if (begins_compound (script) ? !parse_compound (script, decorated, piped, depth)
                                     : !parse_simple (script, decorated, piped))
            return FALSE;
        if (token (script)->kind == PRC_FISH_JOIN)
            conditional = TRUE;
        else if (token (script)->kind != PRC_FISH_PIPE)
            return TRUE;
        piped = token (script)->kind == PRC_FISH_PIPE;
        script->at++;
        skip_newlines (script);
    }
}

/* A file that is read if it can be: on one line, what insert() writes and what people write. */
static gboolean
parse_guarded_source (PrcFishScript *script)
{
    guint i = script->at, begin = i, n = script->tokens->len;
    gboolean is_if = prc_fish_is_word (script, token_at (script, i), "if"), bracket;
    const PrcFishToken *file = NULL, *last = NULL;
    g_autofree char *tested = NULL, *read = NULL;
    g_autoptr (GArray) words = NULL;

    i += is_if;
    bracket = prc_fish_is_word (script, token_at (script, i), "[");
    if (!bracket && !prc_fish_is_word (script, token_at (script, i), "test"))
        return FALSE;
    if (i + 6 >= n || token_at (script, i + 1)->end - token_at (script, i + 1)->start != 2 ||
        strchr ("efrs", script->data[token_at (script, i + 1)->start + 1]) == NULL)
        return FALSE;
    if (token_at (script, i + 2)->kind != PRC_FISH_WORD)
        return FALSE;
    tested = prc_fish_value_of (script, token_at (script, i + 2));
    i += 3 + bracket;
    if (bracket && !prc_fish_is_word (script, token_at (script, i - 1), "]"))
        return FALSE;
    if (token_at (script, i)->kind != PRC_FISH_END &&
        (is_if || token_at (script, i)->kind != PRC_FISH_JOIN ||
         script->data[token_at (script, i)->start] != '&'))
        return FALSE;
    if (token_at (script, i)->kind == PRC_FISH_END && !is_if &&
        !prc_fish_is_word (script, token_at (script, ++i), "and"))
        return FALSE;
    i++;
    if (!prc_fish_is_word (script, token_at (script, i), "source") &&
        !prc_fish_is_word (script, token_at (script, i), "."))
        return FALSE;
    file = token_at (script, i + 1);
    if (file->kind != PRC_FISH_WORD)
        return FALSE;
    read = prc_fish_value_of (script, file);
    last = file;
    i += 2;
    if (is_if) {
        if (token_at (script, i)->kind != PRC_FISH_END ||
            !prc_fish_is_word (script, token_at (script, i + 1), "end"))
            return FALSE;
        last = token_at (script, i + 1);
        i += 2;
    }
    if (tested == NULL || read == NULL || strcmp (tested, read) != 0 ||
        (token_at (script, i)->kind != PRC_FISH_END &&
         token_at (script, i)->kind != PRC_FISH_EOF) ||
        last->line != token_at (script, begin)->line)
        return FALSE;
    words = g_array_new (FALSE, FALSE, sizeof (PrcFishToken));
    g_array_append_val (words, *last);
    g_array_append_val (words, *file);
    {
        PrcFishCommand command = { .words = words,
                                   .start = token_at (script, begin)->start,
                                   .end = last->end };

        prc_fish_read_source (script, &command);
    }
    script->at = i;
    return TRUE;
}

/* Steps over these words and ends, "" standing for any word. */
static gboolean
skip_tokens (const PrcFishScript *script, guint *at, const char *const *texts)
{
    for (; *texts != NULL; texts++, (*at)++) {
        const PrcFishToken *t = token_at (script, *at);

        if (strcmp (*texts, ";") == 0 ? t->kind != PRC_FISH_END
            : **texts == '\0'         ? t->kind != PRC_FISH_WORD
                                      : !prc_fish_is_word (script, t, *texts))
            return FALSE;
    }
    return TRUE;
}

/* The words of a command up to its `2>/dev/null`, which is then at @at. (transfer full) (nullable)
 */
static char *
read_silenced_command (PrcFishScript *script, guint *at)
{
    g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

    for (; token_at (script, *at)->kind == PRC_FISH_WORD; (*at)++) {
        char *word = prc_fish_value_of (script, token_at (script, *at));

        if (word == NULL)
            return NULL;
        g_ptr_array_add (words, word);
    }
    g_ptr_array_add (words, NULL);
    if (words->len < 2 || token_at (script, *at)->kind != PRC_FISH_REDIRECT ||
        !prc_fish_is_word (script, token_at (script, *at + 1), "/dev/null") ||
        token_at (script, *at + 2)->kind != PRC_FISH_PIPE)
        return NULL;
    *at += 3;
    return prc_words_join ((const char *const *) words->pdata);
}

/* `if test -x P; P … 2>/dev/null | source; end`: what insert() writes for a command. */
static gboolean
parse_guarded_eval (PrcFishScript *script)
{
    static const char *const before[] = { "if", "test", "-x", "", ";", NULL };
    static const char *const behind[] = { "source", ";", "end", NULL };
    guint begin = script->at, at = begin;
    g_autofree char *tested = NULL, *value = NULL;
    g_auto (GStrv) words = NULL;
    const PrcFishToken *last = NULL;

    if (!skip_tokens (script, &at, before))
        return FALSE;
    tested = prc_fish_value_of (script, token_at (script, begin + 3));
    value = read_silenced_command (script, &at);
    words = value != NULL ? prc_words_split (value) : NULL;
    if (words == NULL || g_strcmp0 (tested, words[0]) != 0 || !skip_tokens (script, &at, behind))
        return FALSE;
    last = token_at (script, at - 1);
    if ((token_at (script, at)->kind != PRC_FISH_END &&
         token_at (script, at)->kind != PRC_FISH_EOF) ||
        last->line != token_at (script, begin)->line)
        return FALSE;
    {
        PrcFishCommand command = { .start = token_at (script, begin)->start, .end = last->end };

        prc_fish_read_eval (script, &command, g_steal_pointer (&value), last->line);
    }
    script->at = at;
    return TRUE;
}

static gboolean
ends_block (const PrcFishScript *script, gboolean in_if)
{
    return token (script)->kind == PRC_FISH_EOF ||
           prc_fish_is_word (script, token (script), "end") ||
           (in_if && prc_fish_is_word (script, token (script), "else"));
}

/* Up to its `end`; *has_else: whether an `else` may stand here. */
static gboolean
parse_block (PrcFishScript *script, gboolean conditional, guint depth, gboolean *has_else)
{
    for (;;) {
        while (token (script)->kind == PRC_FISH_END)
            script->at++;
        if (depth == 0)
            script->statement = token (script)->start;
        if (*has_else && prc_fish_is_word (script, token (script), "else")) {
            script->at++;
            if (prc_fish_is_word (script, token (script), "if"))
                script->at++;
            else
                *has_else = FALSE;
            continue;
        }
        if (ends_block (script, FALSE))
            return TRUE;
        if (prc_fish_is_word (script, token (script), "case") && depth > 0) {
            while (!ends_command (token (script)))
                script->at++;
            continue;
        }
        if (prc_fish_is_word (script, token (script), "case") ||
            prc_fish_is_word (script, token (script), "else"))
            return syntax_error (script, _ ("this belongs in a switch or an if"));
        if (token (script)->kind != PRC_FISH_WORD)
            return syntax_error (script, _ ("a command is missing"));
        if (!conditional && (parse_guarded_source (script) || parse_guarded_eval (script)))
            continue;
        if (!parse_chain (script, conditional, depth))
            return FALSE;
        if (token (script)->kind == PRC_FISH_AMP)
            script->at++;
    }
}

gboolean
prc_fish_read (PrcFishScript *script, const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gboolean no_else = FALSE, done;

    *script = (PrcFishScript){ .doc = doc, .entries = entries, .error = error };
    script->data = prc_document_data (doc, &script->size);
    script->exit_at = script->size;
    script->room = 4 * script->size + 65536;
    script->tokens = prc_fish_lex (script->data, script->size, error);
    if (script->tokens == NULL)
        return FALSE;
    script->variables =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, prc_fish_variable_free);
    done = parse_block (script, FALSE, 0, &no_else) &&
           (token (script)->kind == PRC_FISH_EOF ||
            syntax_error (script, _ ("an 'end' without a statement that it ends")));
    g_array_unref (script->tokens);
    g_hash_table_unref (script->variables);
    return done;
}
