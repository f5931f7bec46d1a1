# Read after each project() of the engine's build. llama-cpp-python asks for llama.cpp's common
# library, which holds its tools' downloader and server; Carrel calls the engine alone.
set(LLAMA_BUILD_COMMON OFF)
set(LLAMA_OPENSSL OFF)
