/* .cshrc and .login as tcsh 6.24 reads them: line by line, giving up at the first error. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/words.h"
#include "formats/csh-eval.h"
#include "formats/csh-lex.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/statement.h"
#include "formats/systemd-env.h"

#define NESTED_IFS_MAX 100

typedef struct {
    char kind; /* 'i' if, 'l' loop, 's' switch */
    guint line;
} Block;

typedef struct {
    const PrcDocument *doc;
    const char *data;
    gsize size;
    GArray *tokens; /* of the line that is being read */
    gsize line_start;
    GArray *blocks;
    gsize block_start; /* start of the line with the outermost open block */
    GPtrArray *entries;
    GHashTable *values; /* known ones of the environment; "$NAME" those of the shell */
    gboolean maybe_left, left;
    gsize exit_at; /* start of the statement that may leave the file first; size: none */
    guint nested_ifs;
    gsize room; /* for values that refer to values: they must not multiply without end */
    GError **error;
} Script;

/* Words [first, end) of the line, without what comes before and behind in a chain. */
typedef struct {
    guint first, end;
    gboolean conditional;
    gboolean alone; /* nothing else on the line */
} Command;

static const PrcCshToken *
token (const Script *script, guint i)
{
    return &g_array_index (script->tokens, PrcCshToken, MIN (i, script->tokens->len - 1));
}

static gboolean
is_word (const Script *script, guint i, const char *text)
{
    const PrcCshToken *t = token (script, i);
    gsize length = strlen (text);

    return t->kind == PRC_CSH_WORD && t->end - t->start == length &&
           memcmp (script->data + t->start, text, length) == 0;
}

/* The shell's own variable hides the environment's. */
static const char *
known_value (const char *name, gpointer user)
{
    Script *script = user;
    g_autofree char *own = g_strconcat ("$", name, NULL);
    gpointer value = NULL;

    if (!g_hash_table_lookup_extended (script->values, own, NULL, &value))
        value = g_hash_table_lookup (script->values, name);
    if (value == NULL || strlen (value) > script->room)
        return NULL;
    script->room -= strlen (value);
    return value;
}

static char *
value_of (Script *script, guint i)
{
    return prc_csh_word_value (script->data, token (script, i), known_value, script);
}

static gboolean
is_name (const char *name)
{
    return name != NULL && !g_ascii_isdigit (*name) && prc_env_name_is_valid (name, strlen (name));
}

static gboolean
fail (Script *script, guint line, const char *what)
{
    prc_set_error_at_line (script->error, line, "%s", what);
    return FALSE;
}

/* Entries */

static void
command_range (const Script *script, const Command *command, PrcEntry *entry)
{
    const PrcCshToken *last = token (script, command->end - 1);
    const PrcCshToken *next = token (script, command->end);

    entry->start = entry->end = token (script, command->first)->start;
    if (command->alone) {
        entry->start = script->line_start;
        entry->end = prc_document_line_end (script->doc, last->end);
    } else if (command->conditional) {
        return;
    } else if (next->kind == PRC_CSH_SEMICOLON) {
        entry->end = token (script, command->end + 1)->kind == PRC_CSH_NEWLINE
                         ? next->end
                         : token (script, command->end + 1)->start;
    } else if (command->first > 0 &&
               token (script, command->first - 1)->kind == PRC_CSH_SEMICOLON) {
        entry->start = token (script, command->first - 1)->start;
        entry->end = last->end;
    }
}

static PrcEntry *
add_entry (Script *script, const Command *command, PrcEntryKind kind, const char *key, guint line)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->kind = kind;
    entry->key = g_strdup (key);
    entry->line = line;
    entry->value_start = entry->value_end = token (script, command->end - 1)->end;
    command_range (script, command, entry);
    if (script->left) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->detail = g_strdup (_ ("the file is left above by exit"));
    } else if (command->conditional || script->maybe_left) {
        entry->flags |= PRC_ENTRY_CONDITIONAL;
        if (!command->conditional)
            entry->detail = g_strdup (_ ("the file may be left above by exit"));
    }
    g_ptr_array_add (script->entries, entry);
    return entry;
}

static void
remember (Script *script, const PrcEntry *entry, const char *prefix)
{
    char *name = g_strconcat (prefix, entry->key, NULL);

    g_hash_table_insert (script->values, name,
                         prc_statement_is_certain (entry) ? g_strdup (entry->value) : NULL);
}

static void
take_value (Script *script, PrcEntry *entry, guint i)
{
    entry->value_start = token (script, i)->start;
    entry->value_end = token (script, i)->end;
    entry->value = value_of (script, i);
    if (entry->value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
}

static gboolean
read_setenv (Script *script, const Command *command)
{
    guint n = command->end - command->first;
    g_autofree char *name = n > 1 ? value_of (script, command->first + 1) : NULL;
    guint line = token (script, command->first)->line;
    gboolean certain = !command->conditional && !script->left && !script->maybe_left;
    PrcEntry *entry = NULL;

    if (name == NULL)
        return TRUE;
    if (!is_name (name))
        return !certain || fail (script, line, _ ("setenv: not a variable name"));
    if (n > 3 && certain)
        return fail (script, line, _ ("setenv: too many arguments (quote a value with blanks)"));
    entry = add_entry (script, command, PRC_ENTRY_SET, name, line);
    if (n == 2)
        entry->value = g_strdup ("");
    else
        take_value (script, entry, command->first + 2);
    remember (script, entry, "");
    return TRUE;
}

static void
read_unsetenv (Script *script, const Command *command)
{
    guint n = command->end - command->first;

    for (guint i = command->first + 1; i < command->end; i++) {
        g_autofree char *name = value_of (script, i);
        PrcEntry *entry = NULL;

        if (name == NULL) { /* a pattern: it may hit anything */
            g_hash_table_remove_all (script->values);
            continue;
        }
        entry = add_entry (script, command, PRC_ENTRY_UNSET, name, token (script, i)->line);
        if (n > 2 && entry->end > entry->start) {
            entry->start = token (script, i - 1)->end;
            entry->end = token (script, i)->end;
        }
        g_hash_table_insert (script->values, g_strdup (name), NULL);
    }
}

/* `set n`, `set n=v`, `set n = v`, several of them, and `set n = (a b)`. */
static void
read_set (Script *script, const Command *command)
{
    guint i = command->first + 1;

    while (i < command->end && token (script, i)->kind == PRC_CSH_WORD) {
        const char *raw = script->data + token (script, i)->start;
        gsize length = token (script, i)->end - token (script, i)->start, n = 0;
        g_autofree char *name = NULL;
        PrcEntry *entry = NULL;

        while (n < length && (g_ascii_isalnum (raw[n]) || raw[n] == '_'))
            n++;
        name = g_strndup (raw, n);
        if (!is_name (name) || (n < length && raw[n] != '=')) {
            i++; /* an option, or one word of a list */
            continue;
        }
        entry = add_entry (script, command, PRC_ENTRY_SET, name, token (script, i)->line);
        entry->flags |= PRC_ENTRY_PRIVATE;
        if (command->end - command->first > 4)
            entry->start = entry->end;
        if (n + 1 < length) {
            PrcCshToken word = *token (script, i);

            word.start += n + 1;
            entry->value_start = word.start;
            entry->value_end = word.end;
            entry->value = prc_csh_word_value (script->data, &word, known_value, script);
            i++;
        } else {
            gboolean has_equals = n < length || is_word (script, i + 1, "=");

            i += has_equals && n == length ? 2 : 1;
            if (!has_equals)
                entry->value = g_strdup ("");
            else if (i < command->end && token (script, i)->kind == PRC_CSH_WORD)
                take_value (script, entry, i++);
            while (i < command->end && token (script, i)->kind != PRC_CSH_WORD)
                i = command->end; /* a list in parentheses */
        }
        if (entry->value == NULL)
            entry->flags |= PRC_ENTRY_DYNAMIC;
        remember (script, entry, "$");
    }
}

static void
read_source (Script *script, const Command *command)
{
    guint i = command->first + 1;
    PrcEntry *entry = NULL;

    if (command->end - command->first != 2)
        return;
    entry =
        add_entry (script, command, PRC_ENTRY_SET, PRC_STATEMENT_SOURCE, token (script, i)->line);
    entry->flags |= PRC_ENTRY_LIST;
    take_value (script, entry, i);
}

static void
leave (Script *script, gboolean conditional)
{
    if (script->exit_at == script->size)
        script->exit_at = script->blocks->len > 0 ? script->block_start : script->line_start;
    if (conditional)
        script->maybe_left = TRUE;
    else
        script->left = TRUE;
}

static gboolean
run_command (Script *script, const Command *command)
{
    guint first = command->first;

    if (is_word (script, first, "setenv"))
        return read_setenv (script, command);
    if (is_word (script, first, "unsetenv"))
        read_unsetenv (script, command);
    else if (is_word (script, first, "set"))
        read_set (script, command);
    else if (is_word (script, first, "unset") || is_word (script, first, "@") ||
             is_word (script, first, "eval"))
        g_hash_table_remove_all (script->values);
    else if (is_word (script, first, "source"))
        read_source (script, command);
    else if (is_word (script, first, "exit") || is_word (script, first, "exec") ||
             is_word (script, first, "logout"))
        leave (script, command->conditional);
    else if (is_word (script, first, "goto"))
        leave (script, TRUE);
    return TRUE;
}

/* Lines */

/* Behind the ')' that closes the '(' at @i; 0 if there is none. */
static guint
behind_parens (const Script *script, guint i)
{
    guint depth = 0;

    for (; i < script->tokens->len; i++) {
        if (token (script, i)->kind == PRC_CSH_OPEN)
            depth++;
        if (token (script, i)->kind == PRC_CSH_CLOSE && --depth == 0)
            return i + 1;
        if (depth == 0)
            return 0;
    }
    return 0;
}

/* The end of the simple command at @i; redirections belong to it. */
static guint
end_of_command (const Script *script, guint i)
{
    guint depth = 0;

    for (; token (script, i)->kind != PRC_CSH_NEWLINE; i++) {
        PrcCshKind kind = token (script, i)->kind;

        depth += kind == PRC_CSH_OPEN;
        if (kind == PRC_CSH_CLOSE)
            depth -= depth > 0;
        else if (depth == 0 && kind != PRC_CSH_WORD && kind != PRC_CSH_OPEN &&
                 kind != PRC_CSH_REDIRECT)
            return i;
    }
    return i;
}

/* `( -r FILE )` before `source FILE`: read if it can be. */
static gboolean
is_guarded_source (Script *script, guint open, guint first)
{
    g_autofree char *tested = NULL, *read = NULL;
    const char *test = script->data + token (script, open + 1)->start;

    if (first != open + 4 || !is_word (script, first, "source") ||
        token (script, open + 1)->kind != PRC_CSH_WORD ||
        token (script, open + 1)->end - token (script, open + 1)->start != 2 || test[0] != '-' ||
        strchr ("erf", test[1]) == NULL)
        return FALSE;
    tested = value_of (script, open + 2);
    read = token (script, first + 1)->kind == PRC_CSH_WORD ? value_of (script, first + 1) : NULL;
    return tested != NULL && g_strcmp0 (tested, read) == 0 &&
           token (script, first + 2)->kind == PRC_CSH_NEWLINE;
}

/* `( -x P )` before "eval WORD" that runs P, and nothing else on the line: what insert() writes. */
static gboolean
read_guarded_eval (Script *script, guint open, guint first)
{
    const PrcCshToken *word = token (script, first + 1);
    const Command command = { first, first + 2, FALSE, open == 1 };
    g_autofree char *tested = NULL, *value = NULL;
    g_auto (GStrv) words = NULL;
    PrcEntry *entry = NULL;

    if (first != open + 4 || !is_word (script, open + 1, "-x") ||
        !is_word (script, first, "eval") || word->kind != PRC_CSH_WORD ||
        token (script, first + 2)->kind != PRC_CSH_NEWLINE)
        return FALSE;
    value = prc_csh_eval_command (script->data + word->start, word->end - word->start);
    words = value != NULL ? prc_words_split (value) : NULL;
    tested = value_of (script, open + 2);
    if (words == NULL || g_strcmp0 (tested, words[0]) != 0)
        return FALSE;
    entry = add_entry (script, &command, PRC_ENTRY_SET, PRC_STATEMENT_EVAL, word->line);
    entry->flags |= PRC_ENTRY_LIST;
    entry->value = g_steal_pointer (&value);
    entry->value_start = token (script, open - 1)->start;
    entry->value_end = word->end;
    g_hash_table_remove_all (script->values);
    return TRUE;
}

static gboolean run_chain (Script *script, guint i, gboolean conditional, gboolean alone);

static void
open_block (Script *script, char kind)
{
    Block block = { kind, token (script, 0)->line };

    if (script->blocks->len == 0)
        script->block_start = script->line_start;
    g_array_append_val (script->blocks, block);
}

/* At `if`, the word at @i. */
static gboolean
run_if (Script *script, guint i, gboolean conditional)
{
    guint end = script->tokens->len - 1, first = 0;

    if (is_word (script, end - 1, "then")) {
        open_block (script, 'i');
        return TRUE;
    }
    if (token (script, i + 1)->kind == PRC_CSH_OPEN)
        first = behind_parens (script, i + 1);
    if (first == 0 || token (script, first)->kind == PRC_CSH_NEWLINE)
        return fail (script, token (script, i)->line,
                     _ ("if: a ( condition ) and a command needed"));
    if (!conditional && is_guarded_source (script, i + 1, first)) {
        Command command = { first, first + 2, FALSE, i == 0 };

        return run_command (script, &command);
    }
    if (!conditional && i == 0 && read_guarded_eval (script, i + 1, first))
        return TRUE;
    /* Only the first command depends on the condition. */
    {
        Command command = { first, end_of_command (script, first), TRUE, FALSE };

        if (is_word (script, first, "if"))
            return script->nested_ifs++ < NESTED_IFS_MAX
                       ? run_if (script, first, TRUE)
                       : fail (script, token (script, i)->line, _ ("too many ifs on one line"));
        if (token (script, first)->kind == PRC_CSH_WORD && !run_command (script, &command))
            return FALSE;
        return token (script, command.end)->kind == PRC_CSH_NEWLINE ||
               run_chain (script, command.end + 1,
                          conditional || token (script, command.end)->kind != PRC_CSH_SEMICOLON,
                          FALSE);
    }
}

static gboolean
close_block (Script *script, char kind, const char *what)
{
    guint n = script->blocks->len;

    if (n == 0 || g_array_index (script->blocks, Block, n - 1).kind != kind) {
        /* A lone endif or endsw does nothing; a lone end is an error. */
        return kind != 'l' ? TRUE : fail (script, token (script, 0)->line, what);
    }
    g_array_set_size (script->blocks, n - 1);
    return TRUE;
}

static void
forget_loop_variable (Script *script, guint i)
{
    g_autofree char *name = value_of (script, i + 1);

    if (is_name (name))
        g_hash_table_insert (script->values, g_strconcat ("$", name, NULL), NULL);
}

/* Commands from token @i on, joined by ';', '&&', '||', '|' and '&'. */
static gboolean
run_chain (Script *script, guint i, gboolean conditional, gboolean alone)
{
    gboolean outer = conditional;

    while (token (script, i)->kind != PRC_CSH_NEWLINE) {
        guint end = end_of_command (script, i);
        PrcCshKind kind = token (script, end)->kind;
        gboolean part = kind == PRC_CSH_PIPE || kind == PRC_CSH_AMP;
        gboolean last = kind == PRC_CSH_NEWLINE;
        Command command = { i, end, conditional || part || outer, FALSE };
        gboolean redirected = FALSE;

        for (guint k = i; k < end; k++)
            redirected = redirected || token (script, k)->kind == PRC_CSH_REDIRECT;
        command.conditional = command.conditional || redirected;
        command.alone = alone && last && i == 0 && !command.conditional;
        if (end > i && token (script, i)->kind == PRC_CSH_WORD) {
            if (is_word (script, i, "if"))
                return script->nested_ifs++ < NESTED_IFS_MAX
                           ? run_if (script, i, outer || conditional)
                           : fail (script, token (script, i)->line, _ ("too many ifs on one line"));
            if (!run_command (script, &command))
                return FALSE;
        }
        conditional = outer || (kind != PRC_CSH_SEMICOLON && kind != PRC_CSH_NEWLINE);
        i = last ? end : end + 1;
    }
    return TRUE;
}

static gboolean
check_parens (Script *script)
{
    guint depth = 0;

    for (guint i = 0; i < script->tokens->len; i++) {
        if (token (script, i)->kind == PRC_CSH_OPEN)
            depth++;
        if (token (script, i)->kind == PRC_CSH_CLOSE && depth-- == 0)
            return fail (script, token (script, i)->line, _ ("a ')' without its '('"));
    }
    return depth == 0 || fail (script, token (script, 0)->line, _ ("a '(' without its ')'"));
}

static gboolean
run_line (Script *script)
{
    gboolean inside = script->blocks->len > 0;

    if (!check_parens (script))
        return FALSE;
    if (is_word (script, 0, "foreach") || is_word (script, 0, "while")) {
        forget_loop_variable (script, 0);
        open_block (script, 'l');
    } else if (is_word (script, 0, "switch")) {
        open_block (script, 's');
    } else if (is_word (script, 0, "endif")) {
        return close_block (script, 'i', "endif");
    } else if (is_word (script, 0, "endsw")) {
        return close_block (script, 's', "endsw");
    } else if (is_word (script, 0, "end")) {
        return close_block (script, 'l', _ ("an 'end' without foreach or while"));
    } else if (is_word (script, 0, "else") || is_word (script, 0, "case") ||
               is_word (script, 0, "default:")) {
        return inside ||
               fail (script, token (script, 0)->line, _ ("this belongs in an if or a switch"));
    } else {
        return run_chain (script, 0, inside, TRUE);
    }
    return TRUE;
}

/* The lines up to WORD, when the line has a `<< WORD`. */
static void
skip_here_document (const Script *script, gsize *at, guint *line)
{
    for (guint i = 0; i + 1 < script->tokens->len; i++) {
        const PrcCshToken *t = token (script, i), *word = token (script, i + 1);
        gsize length = word->end - word->start;

        if (t->kind != PRC_CSH_REDIRECT || t->end - t->start < 2 || script->data[t->start] != '<')
            continue;
        while (*at < script->size) {
            gsize end = prc_document_line_end (script->doc, *at), start = *at;

            *at = end;
            (*line)++;
            if (end - start == length + (script->data[end - 1] == '\n') &&
                memcmp (script->data + start, script->data + word->start, length) == 0)
                return;
        }
    }
}

static gboolean
read_lines (Script *script)
{
    gsize at = 0;
    guint line = 1;

    while (at < script->size) {
        script->line_start = at;
        script->nested_ifs = 0;
        if (!prc_csh_lex_line (script->data, script->size, &at, &line, script->tokens,
                               script->error) ||
            !run_line (script))
            return FALSE;
        skip_here_document (script, &at, &line);
    }
    if (script->blocks->len > 0 && !script->left)
        return fail (script, g_array_index (script->blocks, Block, 0).line,
                     _ ("this block is never closed"));
    return TRUE;
}

static gboolean
read_script (Script *script, const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gboolean done;

    *script = (Script){ .doc = doc, .entries = entries, .error = error };
    script->data = prc_document_data (doc, &script->size);
    script->exit_at = script->size;
    script->room = 4 * script->size + 65536;
    script->tokens = g_array_new (FALSE, FALSE, sizeof (PrcCshToken));
    script->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
    script->values =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) prc_wipe_free);
    done = read_lines (script);
    g_array_unref (script->tokens);
    g_array_unref (script->blocks);
    g_hash_table_unref (script->values);
    return done;
}

static gboolean
csh_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    Script script;

    return read_script (&script, doc, entries, error);
}

static char *
csh_canonical_key (const char *key, GError **error)
{
    if (is_name (key))
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a variable name"));
    return NULL;
}

/* Writing */

/* With every quote as '\'', and what stands around it. */
static gsize
room_for (const char *value)
{
    return 4 * strlen (value) + 64;
}

static void
append_value (GString *out, const char *value, char quote)
{
    gboolean bare = *value != '\0' && quote == '\0';

    for (const char *p = value; *p != '\0'; p++)
        bare = bare && (g_ascii_isalnum (*p) || strchr ("_-.,:/@%+", *p) != NULL);
    if (bare) {
        g_string_append (out, value);
        return;
    }
    if (quote != '"' || strpbrk (value, "\"$`") != NULL)
        quote = '\'';
    g_string_append_c (out, quote);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\'' && quote == '\'') {
            g_string_append (out, "'\\''");
            continue;
        }
        if (*p == '!' || *p == '\n')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
    }
    g_string_append_c (out, quote);
}

static gboolean
append_eval (GString *text, const char *command, GError **error)
{
    g_auto (GStrv) words = prc_words_split (command);
    g_autofree char *word = prc_csh_eval_word (command, error);

    if (word == NULL)
        return FALSE;
    g_string_append (text, "if ( -x ");
    append_value (text, words[0], '\0');
    g_string_append_printf (text, " ) eval %s", word);
    return TRUE;
}

static gboolean
csh_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
             GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    g_autoptr (PrcWipedText) text = prc_wiped_text_new (room_for (value));
    gboolean missing = entry->value_start == entry->value_end;
    char first = missing ? '\0' : data[entry->value_start];

    if (missing && data[entry->value_start - 1] != '=')
        g_string_append_c (text, (entry->flags & PRC_ENTRY_PRIVATE) != 0 ? '=' : ' ');
    if (strcmp (entry->key, PRC_STATEMENT_EVAL) == 0 && (entry->flags & PRC_ENTRY_LIST) != 0) {
        if (!append_eval (text, value, error))
            return FALSE;
    } else
        append_value (text, value, first == '"' || first == '\'' ? first : '\0');
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end, prc_wiped_text_steal (&text) };
    return TRUE;
}

static gboolean
insertion_point (const PrcDocument *doc, const char *key, gsize *ret_at, GError **error)
{
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    Script script;

    if (!read_script (&script, doc, entries, error))
        return FALSE;
    *ret_at = prc_statement_place (doc, entries, script.exit_at, key);
    return TRUE;
}

static gboolean
csh_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
            GError **error)
{
    g_autoptr (PrcWipedText) line = prc_wiped_text_new (2 * room_for (value) + strlen (key));
    gsize at = 0, size = 0;
    const char *data = prc_document_data (doc, &size);

    if (!insertion_point (doc, key, &at, error))
        return FALSE;
    if (strcmp (key, PRC_STATEMENT_SOURCE) == 0) {
        g_autoptr (GString) file = g_string_new (NULL);

        append_value (file, value, '\0');
        g_string_append_printf (line, "if ( -r %s ) source %s", file->str, file->str);
    } else if (strcmp (key, PRC_STATEMENT_EVAL) == 0) {
        if (!append_eval (line, value, error))
            return FALSE;
    } else {
        g_string_append_printf (line, "setenv %s ", key);
        append_value (line, value, '\'');
    }
    if (at == size && size > 0 && data[size - 1] == '\\')
        g_string_prepend_c (line, '\n');
    prc_env_insert_line (doc, at, line->str, "\n", ret_edit); /* a CR would be part of the value */
    return TRUE;
}

static gboolean
csh_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    return prc_statement_remove (doc, entry, FALSE, edits, error);
}

const PrcFormat prc_format_csh = {
    .name = "csh",
    .parse = csh_parse,
    .canonical_key = csh_canonical_key,
    .replace = csh_replace,
    .insert = csh_insert,
    .remove = csh_remove,
};
