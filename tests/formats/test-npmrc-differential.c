/* What the driver says of an .npmrc against what npm's own modules make of it: one node process
 * reads all files. */
#include "rc-test.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/drivers.h"

/* Needs npm 10 or later: npm 9 knows no ${NAME?}, and takes a blank line for a key "" that is true.
 *
 * Reads DIR/0 … DIR/N-1 as npm does and answers one line per file: "!" when npm fails, else
 * "KEY=KIND:VALUE" fields, a list joined by commas, with keys and values in hexadecimal. KIND is
 * "d" when the value depends on the environment, "o" when it is an object, else "v". */
static const char oracle[] =
    "const fs = require('fs'), path = require('path');\n"
    "const bin = path.dirname(process.execPath);\n"
    "const roots = [path.join(bin, '../lib/node_modules/npm/node_modules'),\n"
    "  '/usr/share/nodejs', '/usr/share/nodejs/npm/node_modules', "
    "'/usr/lib/node_modules/npm/node_modules'];\n"
    "const root = roots.find(r => fs.existsSync(path.join(r, 'ini')) &&\n"
    "  fs.existsSync(path.join(r, '@npmcli/config/lib/definitions')));\n"
    "if (!root) { console.log('none'); process.exit(0); }\n"
    "const ini = require(path.join(root, 'ini'));\n"
    "const replace = require(path.join(root, '@npmcli/config/lib/env-replace.js'));\n"
    "const field = require(path.join(root, '@npmcli/config/lib/parse-field.js'));\n"
    "const defs = require(path.join(root, '@npmcli/config/lib/definitions'));\n"
    "const types = {};\n"
    "for (const [k, d] of Object.entries(defs.definitions)) types[k] = d.type;\n"
    "const env = p => new Proxy({}, { get: (t, n) => p === null ? '${' + n + '}' : p + n });\n"
    "const hex = s => Buffer.from(s.replace(/\\0/g, '\\ufffd')).toString('hex');\n"
    "const texts = v => {\n"
    "  const all = Array.isArray(v) ? v : [v];\n"
    "  return all.map(x => typeof x === 'string' ? x.trim() : String(x));\n"
    "};\n"
    "// A list is resolved one by one only where npm knows that the key has one, and a text that\n"
    "// holds an empty line is divided there: of the types this takes out what is about lists.\n"
    "const typed = (v, k) => Array.isArray(v) ? [String, Array]\n"
    "  : [].concat(types[k]).filter(t => t !== Array);\n"
    "const value = (v, k, p) => texts(field(v, k,\n"
    "  { platform: 'linux', types: { [k]: typed(v, k) }, home: '/h', env: env(p) }));\n"
    "const one = file => {\n"
    "  const out = new Map();\n"
    "  for (const [key, v] of Object.entries(ini.parse(fs.readFileSync(file, 'utf8')))) {\n"
    "    const k = replace(key, env(null));\n"
    "    if (v && typeof v === 'object' && !Array.isArray(v)) { out.set(k, 'o:'); continue; }\n"
    "    const a = value(v, k, 'A'), b = value(v, k, 'B'), raw = value(v, k, null);\n"
    "    const dynamic = a.some((x, i) => x !== b[i]);\n"
    "    out.set(k, (dynamic ? 'd:' : 'v:') + hex(raw.join(',')));\n"
    "  }\n"
    "  return [...out].map(([k, v]) => hex(k) + '=' + v).join(' ');\n"
    "};\n"
    "const [, , dir, n] = process.argv;\n"
    "let answer = '';\n"
    "for (let i = 0; i < Number(n); i++) {\n"
    "  let line = '!';\n"
    "  try { line = one(path.join(dir, String(i))); } catch (e) { line = '!'; }\n"
    "  answer += line + '\\n';\n"
    "}\n"
    "process.stdout.write(answer);\n";

typedef struct {
    char *node, *dir, *script;
    char **env;
    GRand *rand;
} World;

static const char *const keys[] = {
    "proxy",
    "https-proxy",
    "noproxy",
    "foo",
    "a.b",
    "//r.x/:_authToken",
    "\"proxy\"",
    "'proxy'",
    "noproxy[]",
    "proxy[]",
    "foo[]",
    "[]",
    "\"foo\\u005b]\"",
    "__proto__",
    "__proto__[]",
    "prox\\y",
    "pro;xy",
    "pro\\;xy",
    "'12'",
    "'[1,2]'",
    "'true'",
    "''",
    "\"\"",
    "'",
    "\"",
    "${K}",
    "x\\${K}",
    "\xC2\xA0proxy",
    "\xEF\xBB\xBFproxy",
    "f\xFFoo",
    "pro\xE2\x80\xA8xy",
    "[x]",
    " [s]",
    "[s] # c",
    "[s",
    "=",
    "true",
    "foo # c",
    "; c",
    "# c",
    "\"bad\\x\"",
    "constructor",
    "proxy.x",
    "a",
    "b",
    "a.b.c",
    "foo.a",
    "a..b",
    "length",
    "\" foo \"",
};

static const char *const values[] = {
    "http://u:p@h:1",
    "a",
    " ",
    "\t",
    "\"",
    "'",
    "\\",
    "\\\\",
    ";",
    "#",
    "\\;",
    "\\#",
    "\"x y\"",
    "'x y'",
    "\"x\\n\"",
    "\"\\u0041\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "'12'",
    "'1e21'",
    "'-0'",
    "'1.50'",
    "'01'",
    "'1e999'",
    "'0.000001'",
    "'1e-7'",
    "'5e-324'",
    "'123456789.123e5'",
    "'[1,\"a\",[null,{}]]'",
    "'[2]'",
    "'null'",
    "'\"q\"'",
    "true",
    "false",
    "null",
    "undefined",
    "=",
    "[x]",
    "${A}",
    "\\${A}",
    "\\\\${A}",
    "${A?}",
    "${}",
    "${A-B}",
    "${${A}}",
    "$A",
    "${A",
    "}",
    "\xC3\xA9",
    "\xFF",
    "\xE2\x82",
    "\xED\xA0\x80",
    "\xF0\x9F\x98",
    "\xF4\x90\x80\x80",
    "\xC0\xAF",
    "\xC2\xA0",
    "\xE3\x80\x80",
    "\xE2\x80\xA8",
    "\xE2\x80\xA9",
    "\xEF\xBB\xBF",
    "\xC2\x85",
    "\x0B",
    "\x0C",
    "\x01",
    "\xE1\xA0\x8E",
    "\x7F",
    "%41",
    "\"tab\t\"",
};

static const char *const ends[] = { "\n",   "\n", "\n", "\n",     "\r\n",
                                    "\n\n", "\r", "",   "\r\r\n", "\n\r" };
static const char *const separators[] = { "=", "=", " = ", "= ", " =", "\t=\xC2\xA0", "" };
static const char *const lines[] = { "# c\n",         "  ; c\n",          "\n", "  \n", "=x\n",
                                     "\xC2\xA0# c\n", "\xEF\xBB\xBF; c\n" };
static const char *const sections[] = {
    "[s]\n",
    "[s] \xC2\xA0\n",
    "[]\n",
    "[\"q\"]\n",
    "[__proto__]\n",
    "['12']\r\n",
    "[t\xE2\x80\xA8]\r"
    "[proxy]\n",
    "[proxy.x]\n",
    "[a.b.c]\n",
    "[a]\n",
    "[a\\.b]\n",
    "[noproxy]\n",
    "[proxy.__proto__.x]\n",
    "[__proto__.proxy]\n",
    "[.x]\n",
    "[proxy.]\n",
    "[a.b]\n",
    "[foo.a.b.c]\n",
    "[__proto__\\.x]\n",
};

static GString *
random_file (GRand *rand)
{
    GString *text = g_string_new (g_rand_int_range (rand, 0, 12) == 0 ? "\xEF\xBB\xBF" : NULL);
    gint32 n = g_rand_int_range (rand, 0, 9);

    for (gint32 i = 0; i < n; i++) {
        gint32 n_parts = g_rand_int_range (rand, 0, 4);

        switch (g_rand_int_range (rand, 0, 10)) {
        case 0:
            g_string_append (text, PICK (rand, lines));
            continue;
        case 1:
            if (g_rand_int_range (rand, 0, 3) == 0)
                g_string_append (text, PICK (rand, sections));
            continue;
        default:
            break;
        }
        g_string_append (text,
                         keys[g_rand_int_range (
                             rand, 0, g_rand_boolean (rand) ? 6 : (gint32) G_N_ELEMENTS (keys))]);
        g_string_append (text, PICK (rand, separators));
        for (gint32 j = 0; j < n_parts; j++)
            g_string_append (text, PICK (rand, values));
        g_string_append (text, PICK (rand, ends));
    }
    return text;
}

/* What npm reads from each of the files; NULL, after saying why, when there is no npm. */
static GStrv
npm_readings (const World *world, const GPtrArray *files)
{
    g_autofree char *count = g_strdup_printf ("%u", files->len);
    const char *argv[] = { world->node, world->script, world->dir, count, NULL };
    g_autoptr (GBytes) out = NULL, err = NULL;
    g_autofree char *text = NULL;
    GStrv readings = NULL;

    if (world->node == NULL)
        return NULL;
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_strdup_printf ("%s/%u", world->dir, i);
        FILE *file = fopen (path, "w");
        gsize size = 0;
        const char *data = g_bytes_get_data (g_ptr_array_index (files, i), &size);

        assert_non_null (file);
        if (size > 0)
            assert_int_equal (fwrite (data, 1, size, file), size);
        assert_int_equal (fclose (file), 0);
    }
    if (prc_test_run (argv, world->env, world->dir, NULL, &out, &err) != 0)
        fail_msg ("node: %.*s", (int) g_bytes_get_size (err),
                  (const char *) g_bytes_get_data (err, NULL));
    text = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    if (strcmp (text, "none\n") == 0) {
        printf ("# skipped: no npm 10 or later where its modules are looked for\n");
        return NULL;
    }
    readings = g_strsplit (text, "\n", -1);
    assert_int_equal (g_strv_length (readings), files->len + 1);
    return readings;
}

static void
append_hex (GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        g_string_append_printf (out, "%02x", (guchar) *p);
}

static gboolean
is_active (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_INERT) == 0;
}

/* Our reading of @key in the same notation; "o:" when it has entries but no active one. */
static char *
our_value (const PrcDocument *doc, const char *key)
{
    GString *out = g_string_new ("v:");
    const PrcEntry *last = NULL;
    gboolean dynamic = FALSE, any = FALSE;

    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);

        if (strcmp (entry->key, key) != 0 || !is_active (entry))
            continue;
        if (last == NULL || (entry->flags & PRC_ENTRY_LIST) == 0 ||
            (last->flags & PRC_ENTRY_LIST) == 0) {
            g_string_truncate (out, 2);
            dynamic = any = FALSE;
        }
        if (any)
            g_string_append (out, "2c");
        any = TRUE;
        dynamic = dynamic || entry->value == NULL;
        append_hex (out, entry->value != NULL ? entry->value : "");
        last = entry;
    }
    if (last == NULL)
        g_string_assign (out, "o:");
    if (dynamic)
        g_string_assign (out, "d:");
    return g_string_free (out, FALSE);
}

/* key -> reading; what depends on the environment without its text. */
static GHashTable *
table_of (const char *reading)
{
    GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_auto (GStrv) fields = g_strsplit (reading, " ", -1);

    for (guint i = 0; fields[i] != NULL && fields[i][0] != '\0'; i++) {
        char *sign = strchr (fields[i], '=');

        assert_non_null (sign);
        if (sign[1] == 'd')
            sign[3] = '\0';
        g_hash_table_insert (table, g_strndup (fields[i], (gsize) (sign - fields[i])),
                             g_strdup (sign + 1));
    }
    return table;
}

static GHashTable *
our_table (const PrcDocument *doc)
{
    GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);
        g_autoptr (GString) name = g_string_new (NULL);

        append_hex (name, entry->key);
        if (!g_hash_table_contains (table, name->str))
            g_hash_table_insert (table, g_strdup (name->str), our_value (doc, entry->key));
    }
    return table;
}

static void
fail_differs (GBytes *file, const char *key, const char *ours, const char *theirs)
{
    g_autofree char *text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
    g_autofree char *shown = g_strescape (text, NULL);

    fail_msg ("\"%s\"\nkey %s\nours: %s\nnpm:  %s", shown, key, ours, theirs);
}

/* A key that we find only below sections, and npm as a section or not at all, is the same. */
static void
assert_contained (GBytes *file, GHashTable *part, GHashTable *whole, gboolean part_is_ours)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init (&iter, part);
    while (g_hash_table_iter_next (&iter, &key, &value)) {
        const char *other = g_hash_table_lookup (whole, key);

        /* A name that the environment completes: ${A?} is empty there, and stays as it is here. */
        if (strstr (key, "3f7d") != NULL || strstr (key, "247b41") != NULL)
            continue;
        if (other == NULL)
            other = "o:";
        if (strcmp (value, other) != 0)
            fail_differs (file, key, part_is_ours ? value : other, part_is_ours ? other : value);
    }
}

static void
assert_same_reading (GBytes *file, const PrcDocument *doc, const char *reading)
{
    g_autoptr (GHashTable) ours = NULL;
    g_autoptr (GHashTable) theirs = NULL;

    if ((doc == NULL) != (reading[0] == '!'))
        fail_differs (file, "", doc != NULL ? "accepted" : "rejected", reading);
    if (doc == NULL)
        return;
    ours = our_table (doc);
    theirs = table_of (reading);
    assert_contained (file, ours, theirs, TRUE);
    assert_contained (file, theirs, ours, FALSE);
}

static void
npmrc__generated_files__read_as_npm_does (void **state)
{
    const World *world = *state;
    g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
    g_auto (GStrv) readings = NULL;
    guint n = prc_test_cases (10000), n_keys = 0;

    for (guint i = 0; i < n; i++)
        g_ptr_array_add (files, g_string_free_to_bytes (random_file (world->rand)));
    readings = npm_readings (world, files);
    if (readings == NULL)
        skip ();
    for (guint i = 0; i < n; i++) {
        GBytes *file = g_ptr_array_index (files, i);
        g_autoptr (PrcDocument) doc = prc_document_parse (&prc_format_npmrc, file, 0, NULL);

        assert_same_reading (file, doc, readings[i]);
        n_keys += doc != NULL ? prc_document_entries (doc)->len : 0;
    }
    assert_true (n_keys > n);
}

static char *
random_value (GRand *rand)
{
    static const char *const atoms[] = {
        "a",        "http://u:p@h:1",
        " ",        "\t",
        "\"",       "'",
        "\\",       ";",
        "#",        "${",
        "}",        "${A}",
        "\\${A}",   "=",
        "[x]",      "\n",
        "\r",       "\xC3\xA9",
        "\xC2\xA0", "\xE2\x80\xA8",
        "true",     "12",
        "null",     "\x01",
        "?",        "%",
    };
    g_autoptr (GString) text = g_string_new (NULL);
    gint32 n = g_rand_int_range (rand, 0, 6);

    for (gint32 i = 0; i < n; i++)
        g_string_append (text, PICK (rand, atoms));
    return g_strdup (text->str);
}

typedef struct {
    PrcDocument *before, *after;
    char *key, *value;
} Edit;

static void
edit_free (Edit *edit)
{
    prc_document_unref (edit->before);
    prc_document_unref (edit->after);
    g_free (edit->key);
    g_free (edit->value);
    g_free (edit);
}

/* `foo.a = null` makes a section of foo, whatever foo was or is to be. */
static gboolean
is_made_section (const PrcDocument *doc, const char *key)
{
    g_autofree char *below = g_strconcat (key, ".", NULL);
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    return size > 0 && g_strstr_len (data, (gssize) size, below) != NULL &&
           g_strstr_len (data, (gssize) size, "null") != NULL;
}

/* Returns: (nullable): an edit that was not refused, and if it was, rightly. */
static Edit *
random_edit (GRand *rand)
{
    static const char *const edited[] = { "proxy", "https-proxy", "noproxy", "foo", "a.b",
                                          "a=b",   "[x]",         "#a",      "'q'", "${K}" };
    g_autoptr (GBytes) bytes = g_string_free_to_bytes (random_file (rand));
    g_autoptr (PrcDocument) before = prc_document_parse (&prc_format_npmrc, bytes, 0, NULL);
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *value = g_rand_int_range (rand, 0, 4) > 0 ? random_value (rand) : NULL;
    const char *key = PICK (rand, edited);
    g_autofree char *own = NULL, *trimmed = NULL, *section = NULL;
    Edit *edit = NULL;

    if (before == NULL)
        return NULL;
    after = value != NULL ? prc_document_set (before, key, value, &error)
                          : prc_document_unset (before, key, &error);
    if (after == NULL) {
        /* A byte order mark before a line that begins with '=' makes a key of that line. */
        if (g_str_has_prefix (g_bytes_get_data (bytes, NULL), "\xEF\xBB\xBF") &&
            error->code == PRC_ERROR_INPUT)
            return NULL;
        if (value == NULL)
            fail_differs (bytes, key, error->message, "unset");
        /* null moves to where the dots of its name point. */
        if (strcmp (value, "null") == 0 && strchr (key, '.') != NULL)
            return NULL;
        if (is_made_section (before, key))
            return NULL;
        /* A section of that name, or below it, wins. */
        section = g_strconcat ("[", strcmp (key, "a.b") == 0 ? "a" : key, NULL);
        if (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                          section) != NULL)
            return NULL;
        own = our_value (before, key);
        trimmed = g_strstrip (g_strdup (value));
        if (error->code != PRC_ERROR_UNSUPPORTED)
            fail_differs (bytes, key, error->message, value);
        if (strcmp (own, "d:") != 0 && strcmp (trimmed, value) == 0 &&
            strstr (value, "\xC2\xA0") == NULL && strstr (value, "\xE2\x80\xA8") == NULL)
            fail_differs (bytes, key, error->message, value);
        return NULL;
    }
    edit = g_new0 (Edit, 1);
    *edit = (Edit){ g_steal_pointer (&before), g_steal_pointer (&after), g_strdup (key),
                    g_steal_pointer (&value) };
    return edit;
}

/* By npm's own reading before and after: the key has the value, nothing else has changed. */
static void
assert_edit_read (const Edit *edit, const char *before, const char *after)
{
    GBytes *file = prc_document_bytes (edit->before);
    g_autoptr (GHashTable) old = NULL;
    g_autoptr (GHashTable) new = NULL;
    g_autoptr (GString) name = g_string_new (NULL);
    g_autoptr (GString) wanted = g_string_new ("v:");
    g_autofree char *got = NULL;

    /* npm falls over a list that a section of its name gives a `constructor`: nobody writes that.
     */
    if (strcmp (before, "!") == 0 &&
        g_strstr_len (g_bytes_get_data (file, NULL), (gssize) g_bytes_get_size (file),
                      "constructor") != NULL)
        return;
    if (strchr (before, '=') == NULL && *before != '\0')
        fail_differs (file, edit->key, "read", before);
    if (strchr (after, '=') == NULL && *after != '\0')
        fail_differs (prc_document_bytes (edit->after), edit->key, "edited", after);
    old = table_of (before);
    new = table_of (after);
    append_hex (name, edit->key);
    got = g_strdup (g_hash_table_lookup (new, name->str));
    if (edit->value != NULL) {
        append_hex (wanted, edit->value);
        if (g_strcmp0 (got, wanted->str) != 0)
            fail_differs (prc_document_bytes (edit->after), edit->key, wanted->str, got);
    } else if (got != NULL && got[0] == 'v') {
        fail_differs (prc_document_bytes (edit->after), edit->key, "unset", got);
    }
    g_hash_table_remove (old, name->str);
    g_hash_table_remove (new, name->str);
    assert_contained (file, old, new, FALSE);
    assert_contained (file, new, old, TRUE);
}

static void
npmrc__random_edits__npm_reads_them (void **state)
{
    const World *world = *state;
    g_autoptr (GPtrArray) edits = g_ptr_array_new_with_free_func ((GDestroyNotify) edit_free);
    g_autoptr (GPtrArray) files = g_ptr_array_new ();
    g_auto (GStrv) readings = NULL;
    guint n = prc_test_cases (5000);

    while (edits->len < n) {
        Edit *edit = random_edit (world->rand);

        if (edit == NULL)
            continue;
        g_ptr_array_add (edits, edit);
        g_ptr_array_add (files, prc_document_bytes (edit->before));
        g_ptr_array_add (files, prc_document_bytes (edit->after));
    }
    readings = npm_readings (world, files);
    if (readings == NULL)
        skip ();
    for (guint i = 0; i < edits->len; i++)
        assert_edit_read (g_ptr_array_index (edits, i), readings[2 * i], readings[2 * i + 1]);
}

static int
set_up (void **state)
{
    World *world = g_new0 (World, 1);

    *state = world;
    world->rand = g_rand_new_with_seed (prc_test_seed ());
    world->dir = prc_test_dir_new ();
    world->script = g_build_filename (world->dir, "oracle.js", NULL);
    assert_true (g_file_set_contents (world->script, oracle, -1, NULL));
    world->env = g_environ_setenv (NULL, "PATH", g_getenv ("PATH"), TRUE);
    world->env = g_environ_setenv (world->env, "HOME", world->dir, TRUE);
    world->node = prc_test_tool ("node");
    return 0;
}

static int
tear_down (void **state)
{
    World *world = *state;

    prc_test_dir_remove (world->dir);
    g_free (world->script);
    g_free (world->node);
    g_strfreev (world->env);
    g_rand_free (world->rand);
    g_free (world);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (npmrc__generated_files__read_as_npm_does),
        cmocka_unit_test (npmrc__random_edits__npm_reads_them),
    };

    return cmocka_run_group_tests (tests, set_up, tear_down);
}
