"""The official SDK submitting and awaiting so many videos; runs in its own environment.

`python sdk_client.py ADDRESS KEY JOBS` prints how many were finished.
"""

from __future__ import annotations

import asyncio
import sys

from runware import IVideoInference, Runware  # type: ignore[import-not-found]


async def _run(address: str, key: str, jobs: int) -> None:
    client = Runware(api_key=key, url=address)
    await client.connect()

    async def one(number: int) -> bool:
        request = IVideoInference(
            model="klingai:kling-video@3.0-turbo",
            positivePrompt=f"shot 1, 3, Wide shot of pier number {number} at dawn, mist over still water;",
            width=1280,
            height=720,
            duration=3,
            outputType="URL",
            outputFormat="MP4",
            outputQuality=95,
            includeCost=True,
            numberResults=1,
        )
        answer = await client.videoInference(requestVideo=request)
        if isinstance(answer, list):
            return bool(answer and answer[0].videoURL)
        videos = await client.getResponse(taskUUID=answer.taskUUID)
        return bool(videos and videos[0].videoURL)

    done = await asyncio.gather(*(one(number) for number in range(jobs)), return_exceptions=True)
    print(sum(one is True for one in done))
    for failure in [one for one in done if isinstance(one, BaseException)][:3]:
        print(repr(failure), file=sys.stderr)
    await client.disconnect()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
