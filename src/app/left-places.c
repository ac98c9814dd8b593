#include "app/left-places.h"

#include <string.h>

#include "base/i18n.h"

#define BY_HAND N_ ("change it by hand")
#define SHELLS                                                                                     \
    N_ ("`--scrub` takes the lines out; a shell that is open may write them again when it ends")
#define LINES N_ ("`--scrub` takes the lines out")
#define REMOVABLE N_ ("`--scrub` removes it")

#define CONFIG(path)                                                                               \
    {                                                                                              \
        path, PRC_LEFT_CONFIG, PRC_TYPED_LINES, TRUE, BY_HAND                                      \
    }
#define SHELL(path, shape)                                                                         \
    {                                                                                              \
        path, PRC_LEFT_HISTORY, shape, FALSE, SHELLS                                               \
    }
#define TYPED(path)                                                                                \
    {                                                                                              \
        path, PRC_LEFT_HISTORY, PRC_TYPED_LINES, FALSE, LINES                                      \
    }
#define LOG(path)                                                                                  \
    {                                                                                              \
        path, PRC_LEFT_LOG, PRC_TYPED_LINES, FALSE, REMOVABLE                                      \
    }

static const PrcLeftPlace places[] = {
    { "~/.git-credentials", PRC_LEFT_CREDENTIALS, PRC_TYPED_URLS, TRUE,
      N_ ("git's `store` helper answers with it: change or remove the line") },
    { "${XDG_CONFIG_HOME:-~/.config}/git/credentials", PRC_LEFT_CREDENTIALS, PRC_TYPED_URLS, TRUE,
      N_ ("git's `store` helper answers with it: change or remove the line") },
    { "~/.netrc", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },
    { "~/.authinfo", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },
    { "~/.corkscrew-auth", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },
    { "~/.ssh/proxyauth", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },
    { "/etc/apt/auth.conf", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },
    { "/etc/apt/auth.conf.d/*.conf", PRC_LEFT_CREDENTIALS, PRC_TYPED_LINES, TRUE, BY_HAND },

    CONFIG ("~/.cntlm.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/cntlm.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/cntlm/cntlm.conf"),
    CONFIG ("~/.px/px.ini"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/px/px.ini"),
    CONFIG ("~/px.ini"),
    CONFIG ("~/.yarnrc"),
    CONFIG ("~/.yarnrc.yml"),
    CONFIG ("~/.bunfig.toml"),
    CONFIG ("~/.bowerrc"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/pnpm/rc"),
    CONFIG ("${DOCKER_CONFIG:-~/.docker}/config.json"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/containers/containers.conf"),
    CONFIG ("${CARGO_HOME:-~/.cargo}/config.toml"),
    CONFIG ("${CARGO_HOME:-~/.cargo}/config"),
    CONFIG ("~/.condarc"),
    CONFIG ("~/.conda/.condarc"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/conda/.condarc"),
    CONFIG ("~/.m2/settings.xml"),
    CONFIG ("${GRADLE_USER_HOME:-~/.gradle}/gradle.properties"),
    CONFIG ("~/.sbt/repositories"),
    CONFIG ("~/.bazelrc"),
    CONFIG ("~/.gemrc"),
    CONFIG ("~/.bundle/config"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/composer/config.json"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/composer/auth.json"),
    CONFIG ("~/.composer/auth.json"),
    CONFIG ("~/.nuget/NuGet/NuGet.Config"),
    CONFIG ("~/.config/NuGet/NuGet.Config"),
    CONFIG ("~/.Renviron"),
    CONFIG ("~/.Rprofile"),
    CONFIG ("~/.hgrc"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/hg/hgrc"),
    CONFIG ("~/.subversion/servers"),
    CONFIG ("~/.ssh/config"),
    CONFIG ("~/.wget2rc"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/wget/wget2rc"),
    CONFIG ("~/.aria2/aria2.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/aria2/aria2.conf"),
    CONFIG ("~/.proxychains/proxychains.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/proxychains.conf"),
    CONFIG ("~/.lynxrc"),
    CONFIG ("~/.w3m/config"),
    CONFIG ("~/.mavenrc"),
    CONFIG ("~/.ssh/environment"),
    CONFIG ("~/.kube/config"),
    CONFIG ("~/.terraformrc"),
    CONFIG ("~/.gnupg/dirmngr.conf"),
    CONFIG ("~/.vagrant.d/Vagrantfile"),
    CONFIG ("~/.ansible.cfg"),
    CONFIG ("~/.s3cfg"),
    CONFIG ("~/.boto"),
    CONFIG ("~/.aws/config"),
    CONFIG ("~/.pydistutils.cfg"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/uv/uv.toml"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/rclone/rclone.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/gcloud/configurations/config_default"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/yt-dlp/config"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/yt-dlp.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/go/env"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/filezilla/filezilla.xml"),
    CONFIG ("~/.gitconfig.local"),
    CONFIG ("~/.bash_aliases"),
    CONFIG ("~/.bash_logout"),
    CONFIG ("~/.aliases"),
    CONFIG ("~/.exports"),
    CONFIG ("~/.xprofile"),
    CONFIG ("~/.xsessionrc"),
    CONFIG ("~/.xinitrc"),
    CONFIG ("~/.tmux.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/tmux/tmux.conf"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/systemd/user/*.service"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/Code/User/settings.json"),
    CONFIG ("${XDG_CONFIG_HOME:-~/.config}/VSCodium/User/settings.json"),
    CONFIG ("~/.emacs"),
    CONFIG ("~/.emacs.d/init.el"),
    CONFIG ("~/.vimrc"),
    { "${XDG_CONFIG_HOME:-~/.config}/fish/fish_variables", PRC_LEFT_CONFIG, PRC_TYPED_LINES, TRUE,
      N_ ("in fish, run `set -Ue` with the name of the variable") },
    { "${XDG_CONFIG_HOME:-~/.config}/dconf/user", PRC_LEFT_CONFIG, PRC_TYPED_LINES, TRUE,
      N_ ("a setting of the desktop (or a former value of one): `gsettings set "
          "org.gnome.system.proxy.http authentication-password`, or its settings' dialogue") },
    CONFIG ("/etc/apt/apt.conf"),
    CONFIG ("/etc/apt/apt.conf.d/*"),
    CONFIG ("/etc/dnf/dnf.conf"),
    CONFIG ("/etc/yum.conf"),
    CONFIG ("/etc/yum.repos.d/*.repo"),
    CONFIG ("/etc/cntlm.conf"),
    CONFIG ("/etc/docker/daemon.json"),
    CONFIG ("/etc/systemd/system/docker.service.d/*.conf"),
    CONFIG ("/etc/proxychains.conf"),
    CONFIG ("/etc/proxychains4.conf"),

    SHELL ("~/.bash_history", PRC_TYPED_LINES),
    SHELL ("${HISTFILE}", PRC_TYPED_LINES),
    SHELL ("${ZDOTDIR:-~}/.zsh_history", PRC_TYPED_ZSH),
    SHELL ("${ZDOTDIR:-~}/.zhistory", PRC_TYPED_ZSH),
    SHELL ("${ZDOTDIR:-~}/.histfile", PRC_TYPED_ZSH),
    SHELL ("${XDG_STATE_HOME:-~/.local/state}/zsh/history", PRC_TYPED_ZSH),
    SHELL ("${XDG_STATE_HOME:-~/.local/state}/bash/history", PRC_TYPED_LINES),
    SHELL ("${XDG_DATA_HOME:-~/.local/share}/fish/fish_history", PRC_TYPED_FISH),
    SHELL ("~/.history", PRC_TYPED_LINES),
    SHELL ("~/.sh_history", PRC_TYPED_LINES),
    SHELL ("~/.ash_history", PRC_TYPED_LINES),
    TYPED ("~/.lesshst"),
    TYPED ("${XDG_STATE_HOME:-~/.local/state}/lesshst"),
    TYPED ("~/.python_history"),
    TYPED ("~/.node_repl_history"),
    TYPED ("~/.psql_history"),
    TYPED ("~/.mysql_history"),
    { "~/.viminfo", PRC_LEFT_HISTORY, PRC_TYPED_LINES, TRUE,
      N_ ("vim's: remove the lines in it, or the file") },
    { "~/.mksh_history", PRC_LEFT_HISTORY, PRC_TYPED_LINES, TRUE, N_ ("remove the file") },
    { "${XDG_STATE_HOME:-~/.local/state}/nvim/shada/main.shada", PRC_LEFT_HISTORY, PRC_TYPED_LINES,
      TRUE, N_ ("neovim's: remove the file") },
    { "~/.tmux/resurrect/*", PRC_LEFT_HISTORY, PRC_TYPED_LINES, TRUE, N_ ("remove the file") },
    { "${XDG_DATA_HOME:-~/.local/share}/tmux/resurrect/*", PRC_LEFT_HISTORY, PRC_TYPED_LINES, TRUE,
      N_ ("remove the file") },

    LOG ("${npm_config_cache:-~/.npm}/_logs/*"),
    LOG ("~/npm-debug.log*"),
    LOG ("~/yarn-error.log"),
    LOG ("~/.pip/pip.log"),
    LOG ("${XDG_CONFIG_HOME:-~/.config}/pip/pip.log"),
    LOG ("~/pip.log"),
    LOG ("~/wget-log*"),
    LOG ("~/.xsession-errors*"),
};

const PrcLeftPlace *
prc_left_places (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (places);
    return places;
}

const char *
prc_left_kind_name (PrcLeftKind kind)
{
    static const char *const names[] = {
        [PRC_LEFT_SETTING] = "setting", [PRC_LEFT_DYNAMIC] = "dynamic",
        [PRC_LEFT_COMMENT] = "comment", [PRC_LEFT_CREDENTIALS] = "credentials",
        [PRC_LEFT_CONFIG] = "config",   [PRC_LEFT_HISTORY] = "history",
        [PRC_LEFT_LOG] = "log",         [PRC_LEFT_COPY] = "copy",
        [PRC_LEFT_UNREAD] = "unread",
    };

    return names[kind];
}

gboolean
prc_left_kind_is_live (PrcLeftKind kind)
{
    return kind == PRC_LEFT_SETTING || kind == PRC_LEFT_DYNAMIC || kind == PRC_LEFT_CREDENTIALS ||
           kind == PRC_LEFT_CONFIG;
}

/* --- copies ----------------------------------------------------------------------------------- */

/* vim's ".NAME.swp", which its owner may need to recover what he has not saved. */
static gboolean
is_swap_file (const char *base, const char *name)
{
    g_autofree char *dotted = *base == '.' ? g_strdup (base) : g_strconcat (".", base, NULL);
    gsize length = strlen (dotted);

    return strncmp (name, dotted, length) == 0 && strncmp (name + length, ".sw", 3) == 0 &&
           strlen (name + length) == 4;
}

gboolean
prc_left_is_copy (const char *base, const char *name, gboolean *ret_keep)
{
    static const char *const words[] = {
        "bak",    "backup",  "bkp",     "old",    "orig",  "original", "save",
        "saved",  "sav",     "copy",    "prev",   "dpkg-", "ucf-",     "rpmsave",
        "rpmnew", "rpmorig", "pacsave", "pacnew", "~",     "proxyman", NULL,
    };
    gsize length = strlen (base);
    const char *rest = NULL;

    *ret_keep = is_swap_file (base, name);
    if (*ret_keep)
        return TRUE;
    if (*name == '#' && strncmp (name + 1, base, length) == 0 &&
        strcmp (name + 1 + length, "#") == 0)
        return TRUE;
    if (strncmp (name, base, length) != 0)
        return FALSE;
    rest = name + length;
    if (*rest == '~')
        return TRUE;
    if (*rest == '\0' || strchr (".-_ ", *rest) == NULL)
        return FALSE;
    rest++;
    if (g_ascii_isdigit (*rest))
        return TRUE;
    for (guint i = 0; words[i] != NULL; i++)
        if (g_ascii_strncasecmp (rest, words[i], strlen (words[i])) == 0)
            return TRUE;
    return FALSE;
}
