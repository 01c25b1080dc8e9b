# One colua that starts on any Linux of this processor: no shared library, no program loader, musl
# as its C library. `make static` calls it with BUILD=build/static; the libraries come from this
# system's source packages, with the patches of Debian's security team, and stay in BUILD.
#
# CROSS=aarch64-linux-gnu builds it for another processor, in build/static-aarch64-linux-gnu, by
# Debian's cross compiler and the packages musl-dev and linux-libc-dev of that architecture.
#
# OpenSSL, not a smaller library: TLS 1.3, folders of hashed certificates, and the errors that
# src/core/wire reads are those of the builds that the specs run on.

BUILD ?= build/static
CROSS ?=
CC     = $(if $(CROSS),$(CROSS)-gcc -specs $(MUSL)musl-gcc.specs,musl-gcc) $(CC_$(processor))
AR     = $(addsuffix -,$(CROSS))ar
RANLIB = $(addsuffix -,$(CROSS))ranlib
HOST   = $(addprefix --host=,$(CROSS))
top   := $(CURDIR)
prefix = $(top)/$(BUILD)/prefix
lib    = $(prefix)/lib
tree   = $(top)/$(BUILD)/source/$(1)/unpacked/$(1)
log    = >$(top)/$(BUILD)/$(@F).log 2>&1 || { tail -n 20 $(top)/$(BUILD)/$(@F).log >&2; exit 1; }
export CC AR RANLIB
export CFLAGS = -O2 -isystem $(prefix)/include
export PKG_CONFIG_LIBDIR = $(lib)/pkgconfig

multiarch := $(or $(CROSS),$(shell cc -print-multiarch))
processor = $(firstword $(subst -, ,$(multiarch)))
MUSL = /usr/lib/$(subst -gnu,-musl,$(multiarch))/

# gcc's functions for atomic operations want a name of glibc's.
CC_aarch64 = -mno-outline-atomics

LIBRARIES = $(patsubst %,$(lib)/lib%.a,curl nghttp2 ssl z lua5.4 microhttpd sqlite3)

# Position-independent without a program loader, which the specs of musl-gcc do not know. musl
# gives threads the stack that the header of the file asks for.
LINK = $(CC) -static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text -Wl,-z,relro,-z,now \
  -Wl,-s,-z,noexecstack,-z,stack-size=1048576 $(MUSL)rcrt1.o $(MUSL)crti.o
LINKED = -L$(lib) -lcurl -lnghttp2 -lssl -lcrypto -lz -llua5.4 -lmicrohttpd -lsqlite3

$(BUILD)/colua: $(LIBRARIES) FORCE
	@$(MAKE) --no-print-directory -f Makefile BUILD=$(BUILD) NEEDS=static CC="$(CC)" CFLAGS= \
	  INCLUDES="-isystem $(prefix)/include" LINK="$(LINK)" STATIC="$(LINKED)" \
	  DYNAMIC="$(MUSL)crtn.o" $@

# Sources, and the headers of the kernel, which musl does not have -------------------------------

$(BUILD)/source/%/unpacked: | $(prefix)/include/linux
	@echo "  GET  $*"
	@packaging/source --patched $* $(BUILD)/source/$* >/dev/null || { \
	  echo "static: no source package $*: $$(tail -n 1 $(BUILD)/source/$*/log)" >&2; exit 1; }

$(prefix)/include/linux:
	@.ci/setup --check static
	@echo 'int x;' | $(CC) -c -x c -o /dev/null - && test -d /usr/include/$(multiarch)/asm || { \
	  echo "static: no compiler, musl-dev or linux-libc-dev for $(multiarch)" >&2; exit 1; }
	@mkdir -p $(@D) $(lib)
	@ln -sfn /usr/include/asm-generic $(@D)/asm-generic
	@ln -sfn /usr/include/$(multiarch)/asm $(@D)/asm
	@ln -sfn /usr/include/linux $@

# Libraries: what colua uses of each -------------------------------------------------------------

$(lib)/libz.a: | $(BUILD)/source/zlib/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,zlib) && { ./configure --static --prefix=$(prefix) && $(MAKE) libz.a && \
	  cp libz.a $(lib)/ && cp zlib.h zconf.h $(prefix)/include/; } $(log)

# Its configure script is not in the package; the library is these files alone.
version = $$(sed -n 's/^AC_INIT(\[nghttp2\], \[\([0-9.]*\).*/\1/p' configure.ac)
$(lib)/libnghttp2.a: | $(BUILD)/source/nghttp2/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,nghttp2) && { mkdir -p $(prefix)/include/nghttp2 && \
	  sed "s/@PACKAGE_VERSION@/$(version)/; s/@PACKAGE_VERSION_NUM@/$$(printf '0x%02x%02x%02x' \
	    $$(echo $(version) | tr . ' '))/" lib/includes/nghttp2/nghttp2ver.h.in \
	    >lib/includes/nghttp2/nghttp2ver.h && \
	  cp lib/includes/nghttp2/*.h $(prefix)/include/nghttp2/ && cd lib && \
	  $(CC) $(CFLAGS) -Iincludes -DHAVE_ARPA_INET_H -DHAVE_NETINET_IN_H -c *.c && \
	  $(AR) rcs $@ *.o; } $(log)

CONFIGURE_SSL = ./$(if $(CROSS),Configure linux-$(processor),config)
$(lib)/libssl.a: | $(BUILD)/source/openssl/unpacked
	@echo "  LIB  $(@F)  (some minutes)"
	@cd $(call tree,openssl) && { $(CONFIGURE_SSL) --prefix=$(prefix) --libdir=lib \
	  --openssldir=/etc/ssl no-shared no-module no-dso no-engine no-legacy no-async no-tests no-secure-memory \
	  no-autoload-config && $(MAKE) build_libs && $(MAKE) install_dev; } $(log)

# Debian's last patches rename the library for other packages; they touch no generated file.
WITHOUT = $(addprefix --disable-,shared ldap ldaps ftp file rtsp dict telnet tftp pop3 imap smb smtp \
    gopher mqtt manual ntlm tls-srp alt-svc hsts unix-sockets openssl-auto-load-config) \
  $(addprefix --without-,brotli zstd libpsl libidn2 librtmp libssh2 libgsasl)
$(lib)/libcurl.a: $(lib)/libssl.a $(lib)/libnghttp2.a $(lib)/libz.a | $(BUILD)/source/curl/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,curl) && { ./configure $(HOST) --prefix=$(prefix) $(WITHOUT) \
	  --with-openssl=$(prefix) --with-nghttp2=$(prefix) --with-zlib=$(prefix) \
	  --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt --with-ca-path=/etc/ssl/certs && \
	  $(MAKE) -C lib ACLOCAL=: AUTOMAKE=: AUTOCONF=: AUTOHEADER=: install && \
	  $(MAKE) -C include install; } $(log)

$(lib)/libmicrohttpd.a: | $(BUILD)/source/libmicrohttpd/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,libmicrohttpd) && { ./configure $(HOST) --prefix=$(prefix) --disable-shared \
	  --disable-https --disable-doc --disable-examples --disable-curl && \
	  $(MAKE) -C src/include install && $(MAKE) -C src/microhttpd install; } $(log)

$(lib)/libsqlite3.a: | $(BUILD)/source/sqlite3/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,sqlite3) && { CC=cc CFLAGS= ./configure --disable-tcl && \
	  $(MAKE) CC=cc sqlite3.c && cp sqlite3.h $(prefix)/include/ && \
	  $(CC) $(CFLAGS) -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_JSON1 \
	    -DSQLITE_OMIT_LOAD_EXTENSION -c sqlite3.c && $(AR) rcs $@ sqlite3.o; } $(log)

# Modules in C cannot be loaded, so their paths need not be those of this system.
$(lib)/liblua5.4.a: | $(BUILD)/source/lua5.4/unpacked
	@echo "  LIB  $(@F)"
	@cd $(call tree,lua5.4)/src && { rm -f lua.c luac.c && \
	  echo '#define DEB_HOST_MULTIARCH "none"' >lua5.4-deb-multiarch.h && \
	  cp lua.h luaconf.h lauxlib.h lualib.h *-multiarch.h $(prefix)/include/ && \
	  $(CC) $(CFLAGS) -DLUA_USE_POSIX -DLUA_COMPAT_5_3 -c *.c && $(AR) rcs $@ *.o; } $(log)

.DELETE_ON_ERROR:
.PHONY: FORCE
