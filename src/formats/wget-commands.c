#include "formats/wget-commands.h"

#include <stdlib.h>
#include <string.h>

#define TEXT PRC_WGET_TEXT
#define BOOLEAN PRC_WGET_BOOLEAN
#define TIME PRC_WGET_TIME
#define SIZE PRC_WGET_SIZE
#define CHECKED PRC_WGET_CHECKED
#define LIST PRC_WGET_LIST

/* Sorted by the first column, for bsearch. */
static const PrcWgetCommand commands[] = {
    { "accept", "accept", LIST },
    { "acceptregex", "accept_regex", TEXT },
    { "addhostdir", "add_hostdir", BOOLEAN },
    { "adjustextension", "adjust_extension", BOOLEAN },
    { "alwaysrest", "always_rest", BOOLEAN },
    { "askpassword", "ask_password", BOOLEAN },
    { "authnochallenge", "auth_no_challenge", BOOLEAN },
    { "background", "background", BOOLEAN },
    { "backupconverted", "backup_converted", BOOLEAN },
    { "backups", "backups", TEXT },
    { "base", "base", TEXT },
    { "bindaddress", "bind_address", TEXT },
    { "bodydata", "body_data", TEXT },
    { "bodyfile", "body_file", TEXT },
    { "cacertificate", "ca_certificate", TEXT },
    { "cache", "cache", BOOLEAN },
    { "cadirectory", "ca_directory", TEXT },
    { "certificate", "certificate", TEXT },
    { "certificatetype", "certificate_type", CHECKED },
    { "checkcertificate", "check_certificate", BOOLEAN },
    { "chooseconfig", "choose_config", TEXT },
    { "ciphers", "ciphers", TEXT },
    { "compression", "compression", CHECKED },
    { "connecttimeout", "connect_timeout", TIME },
    { "contentdisposition", "content_disposition", BOOLEAN },
    { "contentonerror", "content_on_error", BOOLEAN },
    { "continue", "continue", BOOLEAN },
    { "convertfileonly", "convert_file_only", BOOLEAN },
    { "convertlinks", "convert_links", BOOLEAN },
    { "cookies", "cookies", BOOLEAN },
    { "crlfile", "crl_file", TEXT },
    { "cutdirs", "cut_dirs", TEXT },
    { "debug", "debug", BOOLEAN },
    { "defaultpage", "default_page", TEXT },
    { "deleteafter", "delete_after", BOOLEAN },
    { "dirprefix", "dir_prefix", TEXT },
    { "dirstruct", "dir_struct", BOOLEAN },
    { "dnscache", "dns_cache", BOOLEAN },
    { "dnstimeout", "dns_timeout", TIME },
    { "domains", "domains", LIST },
    { "dotbytes", "dot_bytes", SIZE },
    { "dotsinline", "dots_in_line", TEXT },
    { "dotspacing", "dot_spacing", TEXT },
    { "dotstyle", "dot_style", TEXT },
    { "egdfile", "egd_file", TEXT },
    { "excludedirectories", "exclude_directories", LIST },
    { "excludedomains", "exclude_domains", LIST },
    { "followftp", "follow_ftp", BOOLEAN },
    { "followtags", "follow_tags", LIST },
    { "forcehtml", "force_html", BOOLEAN },
    { "ftppasswd", "ftp_password", TEXT },
    { "ftppassword", "ftp_password", TEXT },
    { "ftpproxy", "ftp_proxy", TEXT },
    { "ftpscleardataconnection", "ftps_clear_data_connection", BOOLEAN },
    { "ftpsfallbacktoftp", "ftps_fallback_to_ftp", BOOLEAN },
    { "ftpsimplicit", "ftps_implicit", BOOLEAN },
    { "ftpsresumessl", "ftps_resume_ssl", BOOLEAN },
    { "ftpuser", "ftp_user", TEXT },
    { "glob", "glob", BOOLEAN },
    { "header", "header", LIST },
    { "hsts", "hsts", BOOLEAN },
    { "hstsfile", "hsts_file", TEXT },
    { "htmlextension", "adjust_extension", BOOLEAN },
    { "htmlify", "htmlify", BOOLEAN },
    { "httpkeepalive", "http_keep_alive", BOOLEAN },
    { "httppasswd", "http_password", TEXT },
    { "httppassword", "http_password", TEXT },
    { "httpproxy", "http_proxy", TEXT },
    { "httpsonly", "https_only", BOOLEAN },
    { "httpsproxy", "https_proxy", TEXT },
    { "httpuser", "http_user", TEXT },
    { "ifmodifiedsince", "if_modified_since", BOOLEAN },
    { "ignorecase", "ignore_case", BOOLEAN },
    { "ignorelength", "ignore_length", BOOLEAN },
    { "ignoretags", "ignore_tags", LIST },
    { "includedirectories", "include_directories", LIST },
    { "inet4only", "inet4_only", BOOLEAN },
    { "inet6only", "inet6_only", BOOLEAN },
    { "input", "input", CHECKED },
    { "iri", "iri", BOOLEAN },
    { "keepbadhash", "keep_bad_hash", BOOLEAN },
    { "keepsessioncookies", "keep_session_cookies", BOOLEAN },
    { "limitrate", "limit_rate", SIZE },
    { "loadcookies", "load_cookies", TEXT },
    { "localencoding", "local_encoding", TEXT },
    { "logfile", "logfile", CHECKED },
    { "login", "ftp_user", TEXT },
    { "maxredirect", "max_redirect", TEXT },
    { "method", "method", TEXT },
    { "mirror", "mirror", BOOLEAN },
    { "netrc", "netrc", BOOLEAN },
    { "noclobber", "no_clobber", BOOLEAN },
    { "noconfig", "no_config", BOOLEAN },
    { "noparent", "no_parent", BOOLEAN },
    { "noproxy", "no_proxy", LIST },
    { "numtries", "tries", TEXT },
    { "outputdocument", "output_document", TEXT },
    { "pagerequisites", "page_requisites", BOOLEAN },
    { "passiveftp", "passive_ftp", BOOLEAN },
    { "passwd", "ftp_password", TEXT },
    { "password", "password", TEXT },
    { "pinnedpubkey", "pinned_pubkey", TEXT },
    { "postdata", "post_data", TEXT },
    { "postfile", "post_file", TEXT },
    { "preferfamily", "prefer_family", CHECKED },
    { "preservepermissions", "preserve_permissions", BOOLEAN },
    { "privatekey", "private_key", TEXT },
    { "privatekeytype", "private_key_type", CHECKED },
    { "progress", "progress", CHECKED },
    { "protocoldirectories", "protocol_directories", BOOLEAN },
    { "proxypasswd", "proxy_password", TEXT },
    { "proxypassword", "proxy_password", TEXT },
    { "proxyuser", "proxy_user", TEXT },
    { "quiet", "quiet", BOOLEAN },
    { "quota", "quota", SIZE },
    { "randomfile", "random_file", TEXT },
    { "randomwait", "random_wait", BOOLEAN },
    { "readtimeout", "read_timeout", TIME },
    { "reclevel", "reclevel", TEXT },
    { "recursive", "recursive", BOOLEAN },
    { "referer", "referer", TEXT },
    { "regextype", "regex_type", CHECKED },
    { "reject", "reject", LIST },
    { "rejectedlog", "rejected_log", TEXT },
    { "rejectregex", "reject_regex", TEXT },
    { "relativeonly", "relative_only", BOOLEAN },
    { "remoteencoding", "remote_encoding", TEXT },
    { "removelisting", "remove_listing", BOOLEAN },
    { "reportspeed", "report_speed", CHECKED },
    { "restrictfilenames", "restrict_file_names", CHECKED },
    { "retrsymlinks", "retr_symlinks", BOOLEAN },
    { "retryconnrefused", "retry_connrefused", BOOLEAN },
    { "retryonhosterror", "retry_on_host_error", BOOLEAN },
    { "retryonhttperror", "retry_on_http_error", TEXT },
    { "robots", "robots", BOOLEAN },
    { "savecookies", "save_cookies", TEXT },
    { "saveheaders", "save_headers", BOOLEAN },
    { "secureprotocol", "secure_protocol", CHECKED },
    { "serverresponse", "server_response", BOOLEAN },
    { "showalldnsentries", "show_all_dns_entries", BOOLEAN },
    { "showprogress", "show_progress", BOOLEAN },
    { "spanhosts", "span_hosts", BOOLEAN },
    { "spider", "spider", BOOLEAN },
    { "startpos", "start_pos", SIZE },
    { "strictcomments", "strict_comments", BOOLEAN },
    { "timeout", "timeout", TIME },
    { "timestamping", "timestamping", BOOLEAN },
    { "tries", "tries", TEXT },
    { "trustservernames", "trust_server_names", BOOLEAN },
    { "unlink", "unlink", BOOLEAN },
    { "useaskpass", "use_askpass", CHECKED },
    { "useproxy", "use_proxy", BOOLEAN },
    { "user", "user", TEXT },
    { "useragent", "user_agent", TEXT },
    { "useservertimestamps", "use_server_timestamps", BOOLEAN },
    { "verbose", "verbose", BOOLEAN },
    { "wait", "wait", TIME },
    { "waitretry", "wait_retry", TIME },
    { "warccdx", "warc_cdx", BOOLEAN },
    { "warccdxdedup", "warc_cdx_dedup", TEXT },
    { "warccompression", "warc_compression", BOOLEAN },
    { "warcdigests", "warc_digests", BOOLEAN },
    { "warcfile", "warc_file", TEXT },
    { "warcheader", "warc_header", LIST },
    { "warckeeplog", "warc_keep_log", BOOLEAN },
    { "warcmaxsize", "warc_max_size", SIZE },
    { "warctempdir", "warc_tempdir", TEXT },
    { "xattr", "xattr", BOOLEAN },
};

static int
compare_bare (const void *key, const void *element)
{
    return strcmp (key, ((const PrcWgetCommand *) element)->bare);
}

const PrcWgetCommand *
prc_wget_command (const char *name, gsize length)
{
    char bare[64];
    gsize n = 0;

    for (gsize i = 0; i < length; i++) {
        if (name[i] == '-' || name[i] == '_')
            continue;
        if (n + 1 == sizeof bare)
            return NULL;
        bare[n++] = g_ascii_tolower (name[i]);
    }
    bare[n] = '\0';
    return bsearch (bare, commands, G_N_ELEMENTS (commands), sizeof commands[0], compare_bare);
}

/* [+] digits with at most one dot among them, and perhaps one of @units. */
static gboolean
is_number (const char *value, const char *units)
{
    const char *p = value + (*value == '+');
    guint n_digits = 0, n_dots = 0;

    for (; g_ascii_isdigit (*p) || *p == '.'; p++) {
        n_digits += *p != '.';
        n_dots += *p == '.';
    }
    if (n_digits == 0 || n_dots > 1)
        return FALSE;
    while (*p == ' ' && strchr (units, 'k') != NULL)
        p++;
    return *p == '\0' || (strchr (units, g_ascii_tolower (*p)) != NULL && p[1] == '\0');
}

static gboolean
is_boolean (const char *value)
{
    static const char *const booleans[] = { "on", "off", "yes", "no", "1", "0" };

    for (gsize i = 0; i < G_N_ELEMENTS (booleans); i++)
        if (g_ascii_strcasecmp (value, booleans[i]) == 0)
            return TRUE;
    return FALSE;
}

gboolean
prc_wget_value_ok (const PrcWgetCommand *command, const char *value)
{
    switch (command->kind) {
    case PRC_WGET_TIME:
        return is_number (value, "smhdw");
    case PRC_WGET_SIZE:
        return strcmp (value, "inf") == 0 || is_number (value, "kmgt");
    case PRC_WGET_BOOLEAN:
        return is_boolean (value);
    case PRC_WGET_TEXT:
    case PRC_WGET_CHECKED:
    case PRC_WGET_LIST:
    default:
        return TRUE;
    }
}
