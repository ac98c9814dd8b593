#include "probe/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif

/* gcc says it in one way, clang in the other. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER
#endif
#endif

#include "base/secret.h"
#include "probe/ticket.h"

void
prc_confine_early (void)
{
    prc_secrets_harden_process ();
    (void) prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifdef SYS_close_range
    if (syscall (SYS_close_range, 3u, ~0u, 0u) != 0)
#endif
        for (int fd = 3; fd < 1024; fd++)
            (void) close (fd);
    if (chdir ("/") != 0)
        return; /* then it stays where it is: nothing is named relatively */
}

static void
limit (int resource, rlim_t value)
{
    const struct rlimit both = { value, value };

    (void) setrlimit (resource, &both);
}

void
prc_confine_resources (const PrcProbeRequest *request)
{
    /* no file of the disk is written; certificates may have to become one in memory */
    limit (RLIMIT_FSIZE, request->ca != NULL ? g_bytes_get_size (request->ca) : 0);
    limit (RLIMIT_NOFILE, 64);
    limit (RLIMIT_CPU, request->timeout_ms / 1000 + 10);
#ifndef WITH_ADDRESS_SANITIZER /* which maps terabytes */
    limit (RLIMIT_AS, 1024u * 1024u * 1024u);
#endif
}

#ifdef LANDLOCK_CREATE_RULESET_VERSION

/* Files and folders that may be read, if they are there. Nothing of a user's is among them. */
static const char *const readable[] = {
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/lib",
    PRC_CURL_FOLDER, /* of the libraries that the module was linked with */
    PRC_TLS_FOLDER,
    "/usr/share/ca-certificates",
    "/usr/share/crypto-policies",
    "/usr/share/pki",
    "/usr/share/p11-kit",
    "/usr/local/share/ca-certificates",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/services",
    "/etc/gai.conf",
    "/etc/localtime",
    "/etc/krb5.conf",
    "/etc/krb5.conf.d",
    "/etc/gss",
    "/var/lib/ca-certificates",
    "/var/lib/sss/pubconf",
    "/var/lib/sss/mc",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager/resolv.conf",
    "/mnt/wsl/resolv.conf",
    "/proc/sys/crypto",
    "/dev/urandom",
    "/dev/random",
    "/dev/null",
};

static void
allow_reading (int rules, const char *path, guint64 handled)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR) & handled,
    };

    beneath.parent_fd = open (path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0)
        return;
    if (syscall (SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0 &&
        errno == EINVAL) {
        /* a file, for which the right on folders is refused */
        beneath.allowed_access &= ~(guint64) LANDLOCK_ACCESS_FS_READ_DIR;
        (void) syscall (SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    }
    (void) close (beneath.parent_fd);
}

/* What this OpenSSL was built to read, wherever that is: the last may be a link to elsewhere. */
static void
allow_openssl (int rules, guint64 handled)
{
    allow_reading (rules, X509_get_default_cert_area (), handled);
    allow_reading (rules, X509_get_default_cert_dir (), handled);
    allow_reading (rules, X509_get_default_cert_file (), handled);
}

/* What the environment names for Kerberos. */
static void
allow_kerberos (int rules, guint64 handled)
{
    g_autofree char *ticket = prc_ticket_file (g_getenv ("KRB5CCNAME"));
    const char *config = g_getenv ("KRB5_CONFIG");
    g_auto (GStrv) paths = g_strsplit (config != NULL ? config : "", ":", 16);

    if (ticket != NULL)
        allow_reading (rules, ticket, handled);
    for (char **path = paths; *path != NULL; path++)
        if (**path == '/')
            allow_reading (rules, *path, handled);
}

void
prc_confine_files (const char *module)
{
    long version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    /* the first version's thirteen rights on files; then REFER, TRUNCATE and IOCTL_DEV */
    guint64 handled = (1ull << 13) - 1;
    struct landlock_ruleset_attr attr = { 0 };
    int rules = -1;

    if (version < 1)
        return;
    handled |= version >= 2 ? 1ull << 13 : 0;
    handled |= version >= 3 ? 1ull << 14 : 0;
    handled |= version >= 5 ? 1ull << 15 : 0;
    attr.handled_access_fs = handled;
    rules = (int) syscall (SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
    if (rules < 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (readable); i++)
        allow_reading (rules, readable[i], handled);
    allow_reading (rules, module, handled);
    allow_openssl (rules, handled);
    allow_kerberos (rules, handled);
    (void) syscall (SYS_landlock_restrict_self, rules, 0);
    (void) close (rules);
}
#else
void
prc_confine_files (const char *module)
{
    (void) module;
}
#endif
