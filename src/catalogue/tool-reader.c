#include "catalogue/tool-reader.h"

#include <libconfig.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "formats/document.h"

typedef enum {
    FIELD_TEXT,
    FIELD_FLAG,
    FIELD_NUMBER,    /* int */
    FIELD_PORT,      /* guint16 */
    FIELD_TEXTS,     /* char ** */
    FIELD_WORD,      /* int: an index in @words */
    FIELD_WORD_SET,  /* guint: a set of 1 << index in @words */
    FIELD_VERSION,   /* guint: PRC_TOOL_VERSION of "X.Y.Z" */
    FIELD_ELSEWHERE, /* read by a function of its own */
} FieldType;

typedef struct {
    const char *name;
    FieldType type;
    gsize offset;
    const char *const *words;
    gboolean needed;
} Field;

static const char *const write_words[] = { "always", "present", "same", "remove", "never", NULL };
static const char *const role_words[] = { "http",     "https", "all", "no_proxy", "user",
                                          "password", "auth",  "ca",  NULL };
static const char *const scope_words[] = { "system", "user", "project", NULL };
static const char *const source_words[] = { "environment", "own", "environment_only", NULL };
static const char *const at_words[] = { "last", "first", "only", NULL };
static const char *const reference_words[] = { "none", "environment", "evaluate", "helper", NULL };
static const char *const version_words[] = { "none", "libcurl", "npm", "pip", NULL };
static const char *const scheme_words[] = { "http",   "https",   "socks4", "socks4a",
                                            "socks5", "socks5h", NULL };
static const char *const no_proxy_words[] = { "star",     "cidr4",           "cidr6",      "port",
                                              "wildcard", "dot_covers_apex", "raw_suffix", NULL };

#define TOOL(field) G_STRUCT_OFFSET (PrcTool, field)
#define KEY(field) G_STRUCT_OFFSET (PrcToolKey, field)
#define FILE_(field) G_STRUCT_OFFSET (PrcToolFile, field)

static const Field tool_fields[] = {
    { "name", FIELD_TEXT, TOOL (name), NULL, TRUE },
    { "program", FIELD_TEXT, TOOL (program), NULL, FALSE },
    { "summary", FIELD_TEXT, TOOL (summary), NULL, TRUE },
    { "order", FIELD_NUMBER, TOOL (order), NULL, FALSE },
    { "writes", FIELD_FLAG, TOOL (writes), NULL, FALSE },
    { "inherits", FIELD_FLAG, TOOL (inherits), NULL, FALSE },
    { "one_proxy", FIELD_FLAG, TOOL (one_proxy), NULL, FALSE },
    { "auth", FIELD_TEXTS, TOOL (auth), NULL, FALSE },
    { "auth_default", FIELD_TEXT, TOOL (auth_default), NULL, FALSE },
    { "placements", FIELD_TEXTS, TOOL (placements), NULL, FALSE },
    { "url", FIELD_ELSEWHERE, 0, NULL, TRUE },
    { "no_proxy", FIELD_ELSEWHERE, 0, NULL, FALSE },
    { "version", FIELD_ELSEWHERE, 0, NULL, FALSE },
    { "reference", FIELD_ELSEWHERE, 0, NULL, FALSE },
    { "include", FIELD_ELSEWHERE, 0, NULL, FALSE },
    { "keys", FIELD_ELSEWHERE, 0, NULL, TRUE },
    { "files", FIELD_ELSEWHERE, 0, NULL, TRUE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field url_fields[] = {
    { "schemes", FIELD_WORD_SET, TOOL (url.schemes), scheme_words, TRUE },
    { "default_port", FIELD_PORT, TOOL (url.default_port), NULL, TRUE },
    { "default_port_https", FIELD_PORT, TOOL (url.default_port_https), NULL, FALSE },
    { "at", FIELD_WORD, TOOL (url.at), at_words, FALSE },
    { "scheme_needed", FIELD_FLAG, TOOL (url.scheme_needed), NULL, FALSE },
    { "scheme_needed_for_user", FIELD_FLAG, TOOL (url.scheme_needed_for_user), NULL, FALSE },
    { "strict_percent", FIELD_FLAG, TOOL (url.strict_percent), NULL, FALSE },
    { "latin1", FIELD_FLAG, TOOL (url.latin1), NULL, FALSE },
    { "percent_all_or_none", FIELD_FLAG, TOOL (url.percent_all_or_none), NULL, FALSE },
    { "loose_userinfo", FIELD_FLAG, TOOL (url.loose_userinfo), NULL, FALSE },
    { "backslash_ends", FIELD_FLAG, TOOL (url.backslash_ends), NULL, FALSE },
    { "trims", FIELD_FLAG, TOOL (url.trims), NULL, FALSE },
    { "zone_refused", FIELD_FLAG, TOOL (url.zone_refused), NULL, FALSE },
    { "none_words", FIELD_TEXTS, TOOL (url.none_words), NULL, FALSE },
    { "guesses_scheme", FIELD_FLAG, TOOL (url.guesses_scheme), NULL, FALSE },
    { "decodes_twice_before", FIELD_VERSION, TOOL (decodes_twice_before), NULL, FALSE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field version_fields[] = {
    { "kind", FIELD_WORD, TOOL (version_kind), version_words, TRUE },
    { "of", FIELD_TEXTS, TOOL (version_of), NULL, TRUE },
    { "grammar", FIELD_FLAG, TOOL (version_grammar), NULL, FALSE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field include_fields[] = {
    { "key", FIELD_TEXT, TOOL (include_key), NULL, TRUE },
    { "file", FIELD_TEXT, TOOL (include_path), NULL, TRUE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field reference_fields[] = {
    { "kind", FIELD_WORD, TOOL (reference_kind), reference_words, TRUE },
    { "key", FIELD_TEXT, TOOL (reference_key), NULL, FALSE },
    { "command", FIELD_TEXT, TOOL (reference_command), NULL, FALSE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field no_proxy_fields[] = {
    { "source", FIELD_WORD, TOOL (no_proxy_source), source_words, TRUE },
    { "understands", FIELD_ELSEWHERE, 0, no_proxy_words, TRUE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field key_fields[] = {
    { "role", FIELD_WORD, KEY (role), role_words, TRUE },
    { "key", FIELD_TEXT, KEY (key), NULL, TRUE },
    { "write", FIELD_WORD, KEY (write), write_words, FALSE },
    { "dead", FIELD_TEXT, KEY (dead), NULL, FALSE },
    { "flag", FIELD_TEXT, KEY (flag), NULL, FALSE },
    { "names", FIELD_TEXTS, KEY (names), NULL, FALSE },
    { "of", FIELD_TEXT, KEY (of), NULL, FALSE },
    { "scheme", FIELD_TEXT, KEY (scheme), NULL, FALSE },
    { "only_for", FIELD_TEXT, KEY (only_for), NULL, FALSE },
    { "percent", FIELD_FLAG, KEY (percent), NULL, FALSE },
    { NULL, 0, 0, NULL, FALSE },
};
static const Field file_fields[] = {
    { "scope", FIELD_WORD, FILE_ (scope), scope_words, TRUE },
    { "format", FIELD_ELSEWHERE, 0, NULL, TRUE },
    { "path", FIELD_TEXT, FILE_ (path), NULL, FALSE },
    { "name", FIELD_TEXT, FILE_ (name), NULL, FALSE },
    { "shell", FIELD_TEXT, FILE_ (shell), NULL, FALSE },
    { "when", FIELD_TEXT, FILE_ (when), NULL, FALSE },
    { "if_set", FIELD_TEXTS, FILE_ (if_set), NULL, FALSE },
    { "if_unset", FIELD_TEXTS, FILE_ (if_unset), NULL, FALSE },
    { "unless_file", FIELD_TEXTS, FILE_ (unless_file), NULL, FALSE },
    { "since", FIELD_VERSION, FILE_ (since), NULL, FALSE },
    { "before", FIELD_VERSION, FILE_ (before), NULL, FALSE },
    { "moves", FIELD_TEXT, FILE_ (moves), NULL, FALSE },
    { "first", FIELD_FLAG, FILE_ (first), NULL, FALSE },
    { "create", FIELD_FLAG, FILE_ (create), NULL, FALSE },
    { "generated", FIELD_FLAG, FILE_ (generated), NULL, FALSE },
    { "start", FIELD_FLAG, FILE_ (start), NULL, FALSE },
    { "transient", FIELD_FLAG, FILE_ (transient), NULL, FALSE },
    { "for_all", FIELD_FLAG, FILE_ (for_all), NULL, FALSE },
    { NULL, 0, 0, NULL, FALSE },
};

static guint
line_of (config_setting_t *setting)
{
    return (guint) config_setting_source_line (setting);
}

/* @format takes the name of the setting. */
static gboolean wrong_type (config_setting_t *setting, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
wrong_type (config_setting_t *setting, GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    prc_set_error_at_line (error, line_of (setting), "%s", text);
    return FALSE;
}

static gboolean
find_word (const char *text, const Field *field, config_setting_t *setting, guint *ret_index,
           GError **error)
{
    g_autofree char *all = NULL;

    for (guint i = 0; field->words[i] != NULL; i++)
        if (text != NULL && strcmp (field->words[i], text) == 0) {
            *ret_index = i;
            return TRUE;
        }
    all = g_strjoinv (", ", (char **) field->words);
    prc_set_error_at_line (error, line_of (setting),
                           /* Translators: a setting, and the words it can be */
                           _ ("%s must be of: %s"), field->name, all);
    return FALSE;
}

static gboolean
read_texts (config_setting_t *setting, char ***ret_texts, GError **error)
{
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

    if (!config_setting_is_array (setting))
        return wrong_type (setting, error, _ ("%s must be an array of strings: [ \"…\" ]"),
                           config_setting_name (setting));
    for (int i = 0; i < config_setting_length (setting); i++) {
        const char *text = config_setting_get_string_elem (setting, i);

        if (text == NULL)
            return wrong_type (setting, error, _ ("%s must be an array of strings: [ \"…\" ]"),
                               config_setting_name (setting));
        g_ptr_array_add (texts, g_strdup (text));
    }
    g_ptr_array_add (texts, NULL);
    *ret_texts = (char **) g_ptr_array_free (g_steal_pointer (&texts), FALSE);
    return TRUE;
}

static gboolean
read_word_set (config_setting_t *setting, const Field *field, guint *ret_set, GError **error)
{
    g_auto (GStrv) texts = NULL;
    guint set = 0, index = 0;

    if (!read_texts (setting, &texts, error))
        return FALSE;
    for (char **text = texts; *text != NULL; text++) {
        if (!find_word (*text, field, setting, &index, error))
            return FALSE;
        set |= 1u << index;
    }
    *ret_set = set;
    return TRUE;
}

static gboolean
read_number (config_setting_t *setting, int low, int high, int *ret_number, GError **error)
{
    int number = config_setting_get_int (setting);

    if (config_setting_type (setting) != CONFIG_TYPE_INT || number < low || number > high) {
        prc_set_error_at_line (error, line_of (setting), _ ("%s must be a number from %d to %d"),
                               config_setting_name (setting), low, high);
        return FALSE;
    }
    *ret_number = number;
    return TRUE;
}

static gboolean
read_version (config_setting_t *setting, guint *ret_version, GError **error)
{
    const char *text = config_setting_get_string (setting);
    guint major = 0, minor = 0, patch = 0;

    if (text == NULL || sscanf (text, "%u.%u.%u", &major, &minor, &patch) != 3)
        return wrong_type (setting, error, _ ("%s must be a version: \"X.Y.Z\""),
                           config_setting_name (setting));
    *ret_version = PRC_TOOL_VERSION (major, minor, patch);
    return TRUE;
}

static gboolean
read_field (config_setting_t *setting, const Field *field, void *object, GError **error)
{
    char *at = (char *) object + field->offset;
    guint index = 0;
    int number = 0;

    switch (field->type) {
    case FIELD_TEXT:
        if (config_setting_type (setting) != CONFIG_TYPE_STRING ||
            *config_setting_get_string (setting) == '\0')
            return wrong_type (setting, error, _ ("%s must be a string that is not empty"),
                               config_setting_name (setting));
        *(char **) (void *) at = g_strdup (config_setting_get_string (setting));
        return TRUE;
    case FIELD_FLAG:
        if (config_setting_type (setting) != CONFIG_TYPE_BOOL)
            return wrong_type (setting, error, _ ("%s must be true or false"),
                               config_setting_name (setting));
        *(gboolean *) (void *) at = config_setting_get_bool (setting);
        return TRUE;
    case FIELD_NUMBER:
        return read_number (setting, 0, G_MAXINT, (int *) (void *) at, error);
    case FIELD_PORT:
        if (!read_number (setting, 1, 65535, &number, error))
            return FALSE;
        *(guint16 *) (void *) at = (guint16) number;
        return TRUE;
    case FIELD_TEXTS:
        return read_texts (setting, (char ***) (void *) at, error);
    case FIELD_WORD:
        if (!find_word (config_setting_get_string (setting), field, setting, &index, error))
            return FALSE;
        *(guint *) (void *) at = index;
        return TRUE;
    case FIELD_WORD_SET:
        return read_word_set (setting, field, (guint *) (void *) at, error);
    case FIELD_VERSION:
        return read_version (setting, (guint *) (void *) at, error);
    case FIELD_ELSEWHERE:
        return TRUE;
    default:
        g_return_val_if_reached (FALSE);
    }
}

/* Every setting of @group must be one of @fields: what is misspelt would else be ignored. */
static gboolean
read_group (config_setting_t *group, const Field *fields, void *object, GError **error)
{
    if (!config_setting_is_group (group))
        return wrong_type (group, error, _ ("%s must be a group: { … }"),
                           config_setting_name (group));
    for (int i = 0; i < config_setting_length (group); i++) {
        config_setting_t *setting = config_setting_get_elem (group, (guint) i);
        const Field *field = fields;

        while (field->name != NULL && strcmp (field->name, config_setting_name (setting)) != 0)
            field++;
        if (field->name == NULL) {
            prc_set_error_at_line (error, line_of (setting), _ ("there is no setting “%s” here"),
                                   config_setting_name (setting));
            return FALSE;
        }
        if (!read_field (setting, field, object, error))
            return FALSE;
    }
    for (const Field *field = fields; field->name != NULL; field++)
        if (field->needed && config_setting_get_member (group, field->name) == NULL) {
            prc_set_error_at_line (error, MAX (line_of (group), 1), _ ("%s is missing"),
                                   field->name);
            return FALSE;
        }
    return TRUE;
}

static gboolean
read_key (config_setting_t *group, PrcTool *tool, GError **error)
{
    PrcToolKey *key = g_new0 (PrcToolKey, 1);
    const char *star = NULL;

    g_ptr_array_add (tool->keys, key);
    key->write = PRC_WRITE_NEVER;
    if (!read_group (group, key_fields, key, error))
        return FALSE;
    if (key->dead != NULL)
        key->write = PRC_WRITE_REMOVE;
    star = strchr (key->key, '*');
    if (star != NULL && strchr (star + 1, '*') != NULL) {
        prc_set_error_at_line (error, line_of (group), _ ("a key can have one * only"));
        return FALSE;
    }
    if (star != NULL && (key->write == PRC_WRITE_ALWAYS || key->write == PRC_WRITE_PRESENT)) {
        prc_set_error_at_line (error, line_of (group),
                               _ ("a key with * can only be written as same, remove or never"));
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_file (config_setting_t *group, PrcTool *tool, GError **error)
{
    PrcToolFile *file = g_new0 (PrcToolFile, 1);
    config_setting_t *format = NULL;

    g_ptr_array_add (tool->files, file);
    if (!read_group (group, file_fields, file, error))
        return FALSE;
    format = config_setting_get_member (group, "format");
    if (config_setting_type (format) == CONFIG_TYPE_STRING)
        file->format = prc_format_by_name (config_setting_get_string (format));
    if (file->format == NULL) {
        prc_set_error_at_line (error, line_of (format), _ ("there is no such format"));
        return FALSE;
    }
    if ((file->scope == PRC_SCOPE_PROJECT) != (file->name != NULL) ||
        (file->scope == PRC_SCOPE_PROJECT) != (file->path == NULL)) {
        prc_set_error_at_line (error, line_of (group),
                               _ ("a file of a project has a name; all others have a path"));
        return FALSE;
    }
    if (file->path != NULL && *file->path != '/' && *file->path != '~' && *file->path != '$') {
        prc_set_error_at_line (error, line_of (group), _ ("path must begin with /, ~ or ${…}"));
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_list (config_setting_t *list, PrcTool *tool,
           gboolean (*read) (config_setting_t *, PrcTool *, GError **), GError **error)
{
    if (!config_setting_is_list (list))
        return wrong_type (list, error, _ ("%s must be a list of groups: ( { … }, { … } )"),
                           config_setting_name (list));
    for (int i = 0; i < config_setting_length (list); i++)
        if (!read (config_setting_get_elem (list, (guint) i), tool, error))
            return FALSE;
    return TRUE;
}

static gboolean
read_no_proxy (config_setting_t *group, PrcTool *tool, GError **error)
{
    guint understood = 0;
    const Field set = { "understands", FIELD_WORD_SET, 0, no_proxy_words, TRUE };
    PrcNoProxyDialect *dialect = &tool->no_proxy;
    gboolean *const members[] = { &dialect->star,      &dialect->cidr4,
                                  &dialect->cidr6,     &dialect->port,
                                  &dialect->wildcard,  &dialect->dot_covers_apex,
                                  &dialect->raw_suffix };

    if (!read_group (group, no_proxy_fields, tool, error) ||
        !read_word_set (config_setting_get_member (group, "understands"), &set, &understood, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        *members[i] = (understood & (1u << i)) != 0;
    return TRUE;
}

static gboolean
read_reference (config_setting_t *group, PrcTool *tool, GError **error)
{
    gboolean runs = FALSE;

    if (!read_group (group, reference_fields, tool, error))
        return FALSE;
    runs = tool->reference_kind == PRC_REFERENCE_EVALUATE ||
           tool->reference_kind == PRC_REFERENCE_HELPER;
    if ((tool->reference_key != NULL) == runs && (tool->reference_command != NULL) == runs)
        return TRUE;
    prc_set_error_at_line (error, line_of (group),
                           runs ? _ ("key and command are missing")
                                : _ ("this kind has no key or command"));
    return FALSE;
}

static gboolean
read_tool (config_setting_t *root, PrcTool *tool, GError **error)
{
    config_setting_t *part = NULL;

    tool->url.default_port_https = 443;
    if (!read_group (root, tool_fields, tool, error) ||
        !read_group (config_setting_get_member (root, "url"), url_fields, tool, error) ||
        !read_list (config_setting_get_member (root, "keys"), tool, read_key, error) ||
        !read_list (config_setting_get_member (root, "files"), tool, read_file, error))
        return FALSE;
    part = config_setting_get_member (root, "no_proxy");
    if (part != NULL && !read_no_proxy (part, tool, error))
        return FALSE;
    part = config_setting_get_member (root, "version");
    if (part != NULL && !read_group (part, version_fields, tool, error))
        return FALSE;
    part = config_setting_get_member (root, "reference");
    if (part != NULL && !read_reference (part, tool, error))
        return FALSE;
    part = config_setting_get_member (root, "include");
    return part == NULL || read_group (part, include_fields, tool, error);
}

static gboolean
check_name (config_setting_t *root, const PrcTool *tool, const char *path, GError **error)
{
    g_autofree char *file = g_path_get_basename (path);
    g_autofree char *wanted = g_strconcat (tool->name, ".cfg", NULL);

    if (strcmp (file, wanted) == 0)
        return TRUE;
    prc_set_error_at_line (error, line_of (config_setting_get_member (root, "name")),
                           _ ("the tool “%s” must be described in a file %s"), tool->name, wanted);
    return FALSE;
}

static PrcTool *
read_text (const char *text, const char *path, GError **error)
{
    g_autoptr (PrcTool) tool = prc_tool_new ();
    gboolean good = FALSE;
    config_t config;

    config_init (&config);
    if (config_read_string (&config, text) != CONFIG_TRUE)
        prc_set_error_at_line (error, (guint) MAX (config_error_line (&config), 1), "%s",
                               config_error_text (&config));
    else
        good = read_tool (config_root_setting (&config), tool, error) &&
               check_name (config_root_setting (&config), tool, path, error);
    config_destroy (&config);
    return good ? g_steal_pointer (&tool) : NULL;
}

PrcTool *
prc_tool_read (const char *path, GError **error)
{
    g_autoptr (GBytes) bytes = prc_read_file (-1, path, NULL, error);
    g_autofree char *text = NULL;
    PrcTool *tool = NULL;
    gsize size = 0;
    const char *data = NULL;

    if (bytes == NULL)
        return NULL;
    data = g_bytes_get_data (bytes, &size);
    text = g_strndup (data, size);
    tool = read_text (text, path, error);
    if (tool == NULL)
        prc_prefix_file (error, path);
    else
        tool->origin = g_strdup (path);
    return tool;
}

gboolean
prc_tool_field (gsize index, PrcToolField *ret_field)
{
    static const struct {
        const char *group;
        const Field *fields;
    } groups[] = {
        { "", tool_fields },
        { "url", url_fields },
        { "no_proxy", no_proxy_fields },
        { "version", version_fields },
        { "reference", reference_fields },
        { "include", include_fields },
        { "keys", key_fields },
        { "files", file_fields },
    };
    static const char *const types[] = {
        [FIELD_TEXT] = "string",    [FIELD_FLAG] = "flag",       [FIELD_NUMBER] = "number",
        [FIELD_PORT] = "port",      [FIELD_TEXTS] = "strings",   [FIELD_WORD] = "word",
        [FIELD_WORD_SET] = "words", [FIELD_VERSION] = "version", [FIELD_ELSEWHERE] = "other",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
        for (const Field *field = groups[i].fields; field->name != NULL; field++) {
            FieldType type = field->type;

            if (index-- > 0)
                continue;
            if (type == FIELD_ELSEWHERE && field->words != NULL)
                type = FIELD_WORD_SET;
            *ret_field = (PrcToolField){ groups[i].group, field->name, types[type], field->words,
                                         field->needed };
            return TRUE;
        }
    return FALSE;
}
